# Ce que la page dit, en français.

## États

state-ok = opérationnel
state-unmeasured = aucun incident signalé
state-maintenance = maintenance
state-unknown = aucune donnée
state-notice = avis
state-disrupted = perturbé
state-down = en panne
phase-investigating = En cours d’analyse
phase-identified = Cause identifiée
phase-monitoring = Sous surveillance
phase-resolved = Résolu
phase-update = Mise à jour
phase-event = Événement
phase-scheduled = Planifié
phase-in-progress = En cours
phase-completed = Terminé
phase-cancelled = Annulé
phase-post-mortem = Post-mortem
stage-scheduled = planifiée
stage-in-progress = en cours
stage-overdue = en retard
stage-completed = terminée
stage-cancelled = annulée
word-post = annonce
word-resolved = résolu
word-withdrawn = retiré
author-rule = publié automatiquement
author-person = publié par notre équipe
author-named = publié par { $name }

## Le haut de la première page

banner-fine = Tous les systèmes sont opérationnels.
banner-notice = Tous les systèmes sont opérationnels. Veuillez lire l’avis ci-dessous.
banner-unmeasured = Aucun incident signalé.
banner-unmeasured-notice = Veuillez lire l’avis ci-dessous.
banner-empty = Rien n’est encore surveillé.
banner-blind = Aucune donnée de nos systèmes depuis { $since }.
banner-blind-more = Les informations de cette page peuvent ne pas être à jour.
banner-maintenance = Maintenance planifiée jusqu’à { $until }.
banner-maintenance-open = Une maintenance planifiée est en cours.
banner-watched = De nouveau opérationnel depuis { $since }.
banner-watched-more = Nous surveillons la situation et considérerons l’incident comme résolu vers { $until } si tout reste stable.
banner-watched-held = Nous ne considérerons pas l’incident comme résolu avant { $until }.
unwell-maintenance = Une maintenance planifiée est en cours.
unwell-many-maintenance = Une maintenance planifiée est en cours.
unwell-unknown = Nous n’avons aucune donnée pour { $names }.
unwell-many-unknown = Nous n’avons aucune donnée pour { $n } composants.
unwell-notice = Tous les systèmes sont opérationnels. Un avis concerne { $names }.
unwell-many-notice = Tous les systèmes sont opérationnels. Des avis concernent { $n } composants.
unwell-disrupted = { $names } : service perturbé.
unwell-many-disrupted = { $n } composants sont perturbés.
unwell-down = { $names } : service en panne.
unwell-many-down = { $n } composants sont en panne.
lasting = depuis { $span }
started = Début : { $since }.
affects = Composants touchés : { $names }.
affects-more = Composants touchés : { $names } et { $n } autres.
next-word = Prochaine mise à jour d’ici { $until }.
more-open = { $n ->
    [one] Un autre incident est ouvert.
   *[other] { $n } autres incidents sont ouverts.
}
resolved-ago = Résolu il y a { $span } :
post-mortem-ago = Retour d’expérience publié il y a { $span } :
works-in = { $name } en { $span }
works-from-here = Fonctionne depuis ici : { $names } (vérifié à { $clock }).
visitors-reported = { $count } visiteurs l’ont signalé au cours des 10 dernières minutes.
measured-at = Dernière vérification à { $clock }.
measured-ago = Dernière vérification il y a { $span }.
ago = il y a { $span }
impact-wait = { $n ->
    [one] { $count } élément en attente ({ $what }), depuis { $wait } au lieu de { $usual } d’habitude.
   *[other] { $count } { $what } en attente, { $wait } pour le plus ancien au lieu de { $usual } d’habitude.
}
impact-count = { $n ->
    [one] { $count } élément en attente ({ $what }).
   *[other] { $count } { $what } en attente.
}
impact-growing = La file d’attente augmente d’environ { $count } par minute.
impact-falling = La file d’attente diminue et devrait se vider dans environ { $span }.
impact-falling-slowly = La file d’attente diminue lentement.
impact-still = La file d’attente n’augmente ni ne diminue.
between-sentences = { " " }
waits = Ce qu’il faut avant que nous considérions l’incident comme résolu
wait-failing = { $names } : le service doit être rétabli.
wait-unseen = { $names } : nous devons de nouveau recevoir des données.
wait-backlog = { $n ->
    [one] La file d’attente ({ $count } élément : { $what }) doit diminuer.
   *[other] La file d’attente ({ $count } { $what }) doit diminuer.
}
wait-capacity = Un risque de capacité connu doit être traité.
wait-changed = Une modification a été faite à { $since } ; la surveillance a repris à partir de là.
wait-hold = Aucune panne depuis { $since }. Nous surveillons jusqu’à { $until }.
wait-settling = Aucune panne depuis { $since }. Cela doit se confirmer.
wait-hold-open = La situation doit rester stable un moment.
wait-person = Notre équipe doit confirmer que l’incident est résolu.

## La première page

open-incidents = Incidents en cours
announcements = Annonces
components = Composants
all-updates = Toutes les mises à jour
report-ask = Un problème qui n’est pas indiqué ici ?
reported = Signalé par nos fournisseurs
reported-more = D’après les pages d’état de nos fournisseurs. Il n’y a pas forcément de lien.
past = Incidents passés
nothing = Aucun incident signalé
before = Plus tôt
all-incidents = Tous les incidents
and-more = { $n ->
    [one] Un de plus
   *[other] { $n } de plus
}
until = jusqu’à { $until }

## Jours

days-label = { $share } de disponibilité sur { $days ->
    [one] 1 jour
   *[other] { $days } jours
} avec données
days-hint = Utilisez les flèches pour passer d’un jour à l’autre.
share-of = { $share } sur { $span }
since-today = depuis { $clock } aujourd’hui
since-day = depuis le { $day }
gap-note = Notre surveillance a été interrompue. Aucune donnée : { $days }.
gap-days = { $days } ({ $span })
gap-more = { $n ->
    [one] une fois auparavant
   *[other] { $n } fois auparavant
}
apart-unseen = { $span } sans données
apart-maintenance = { $span } de maintenance
day-early = pas encore de données
day-unseen = aucune donnée
day-fine = opérationnel
day-down = en panne pendant { $span }
day-disrupted = perturbé pendant { $span }
day-maintenance = maintenance pendant { $span }
day-partly-unseen = aucune donnée pendant { $span }
legend = Chaque barre représente un jour, aujourd’hui à droite. Le temps perdu est coupé en haut de la barre.

## Pages

skip = Aller au contenu
status-suffix = { " " }– état
nav-pages = Pages
nav-more = Autres pages
nav-status = État
nav-history = Historique
nav-maintenance = Maintenance
nav-subscribe = S’abonner
nav-report = Signaler un problème
zone = Toutes les heures sont en { $zone }.
theme-light = Thème clair
theme-dark = Thème sombre
live-changed = Nouvel état :
page-stale = Cette page n’a pas été mise à jour depuis { "{}" }. Les informations peuvent ne pas être à jour.

# What the team decided about checks of a component that fail.
silenced-until = Notre équipe a mis ses alertes en sourdine jusqu’à { $until }.
silenced-overruled = Notre équipe a écarté un contrôle qui échoue encore.
to-status = État actuel
began = Début
over = Fin
planned-until = Planifié jusqu’à
duration = Durée
lasted-for = Durée
lasting-span = { $span }
flaps = Rétabli puis de nouveau en panne { $n } fois
lasted = a duré { $span }
severity = Gravité
affected = Composants touchés
timeline = Chronologie
neighbours = Autres incidents
older = Précédent
newer = Suivant
days-heading = Les 90 derniers jours
days-heading-month = Les 30 derniers jours
days-table = Jour par jour
days-table-day = Jour
days-table-what = État
uptime = Disponibilité
uptime-span = Période
uptime-share = Disponibilité
uptime-more = La disponibilité porte sur le temps avec données. Le temps sans données et la maintenance ne sont pas comptés.
span-day = 24 heures
span-week = 7 jours
span-month = 30 jours
span-quarter = 90 jours
span-year = 365 jours
incidents-heading = Incidents
none-written = Aucun incident enregistré pour l’instant.
visit = Visiter
follow = Suivre ce composant
badge = Badge
history = Historique
undated = Sans date
search = Rechercher
search-words = Mots-clés
search-component = Composant
search-any = tous
search-all = Tout afficher
found = { $n ->
    [0] Aucun résultat.
    [one] Un résultat.
   *[other] { $n } résultats.
}
cut = Les { $n } plus récents sont affichés. Choisissez un mois ou lancez une recherche pour en voir d’autres.
years = Par année et par mois
incidents = { $n ->
    [one] un incident
   *[other] { $n } incidents
}
works-open = En cours et planifiées
works-none = Aucune maintenance planifiée.
works-done = Terminées
works-calendar = Ajouter les maintenances planifiées à votre calendrier
from-until = { $from } à { $until }
from = À partir de { $from }
ahead = dans { $span }
subscribe-title = S’abonner aux mises à jour
subscribe-text = Choisissez comment être informé des incidents et des maintenances. Aucun compte n’est nécessaire.
way-feed = Flux
way-feed-text = Chaque incident avec toutes ses mises à jour, pour les lecteurs de flux et les messageries.
way-calendar = Calendrier
way-calendar-text = Les maintenances planifiées dans votre calendrier.
way-programs = API
way-programs-text = Les mêmes informations en JSON, avec leur documentation.
way-parts = Composants individuels
way-parts-text = Un flux distinct pour chaque composant.
way-embed = Sur votre propre site
way-embed-text = Une ligne de code affiche notre état en haut de vos pages.

language-name = Français
subscribe-mail = Par e-mail
subscribe-mail-text = Nous vous envoyons d’abord un lien. Vous ne recevrez rien d’autre tant que vous ne l’aurez pas ouvert et confirmé.
subscribe-address = Votre adresse e-mail
subscribe-options = Choisir ce que vous recevez
subscribe-kinds = Ce que nous envoyons
subscribe-incidents = Incidents
subscribe-maintenance = Maintenances planifiées
subscribe-report = Rapport de disponibilité
subscribe-report-none = Aucun
subscribe-report-weekly = Chaque semaine
subscribe-report-monthly = Chaque mois
subscribe-components = Composants
subscribe-components-text = Si vous n’en sélectionnez aucun, vous êtes informé pour tous.
subscribe-language = Langue des e-mails
subscribe-privacy = Nous utilisons votre adresse uniquement pour ces e-mails. Chaque e-mail contient un lien de désabonnement ; votre adresse est alors supprimée.
subscribe-asked = Consultez votre messagerie.
subscribe-asked-text = Si cette adresse peut recevoir nos e-mails, un lien est en route. Il est valable 48 heures. Si rien n’arrive dans quelques minutes, regardez dans vos courriers indésirables ou réessayez plus tard.
subscribe-refused = Votre formulaire n’a pas été accepté.
subscribe-no-address = Nous ne pouvons pas utiliser cette adresse e-mail. Veuillez la vérifier.
subscribe-nothing = Vous n’avez rien sélectionné : nous n’aurions rien à envoyer. Sélectionnez quelque chose ou désabonnez-vous.
subscribe-confirm = Confirmer votre abonnement ?
subscribe-confirm-text = Nous n’envoyons des e-mails qu’après votre confirmation. Si vous n’avez rien demandé, fermez cette page et rien ne sera envoyé.
subscribe-confirm-send = Confirmer l’abonnement
subscribe-done = Vous êtes abonné.
subscribe-manage = Votre abonnement
subscribe-manage-text = Vous pouvez le modifier ici à tout moment. Chaque e-mail contient un lien vers cette page.
subscribe-save = Enregistrer
subscribe-saved = Vos modifications sont enregistrées.
subscribe-leave = Se désabonner de tous les e-mails ?
subscribe-leave-text = Nous supprimons votre adresse et ne vous envoyons plus rien.
subscribe-leave-send = Se désabonner
subscribe-left = Vous êtes désabonné.
subscribe-left-text = Votre adresse est supprimée et vous ne recevrez plus d’e-mails de notre part.
subscribe-unknown = Ce lien ne fonctionne plus.
subscribe-unknown-text = Il est peut-être incomplet ou expiré. Saisissez à nouveau votre adresse pour en recevoir un nouveau.
report-title = Signaler un problème
report-text = Un clic suffit. Votre signalement nous aide à repérer les problèmes plus tôt.
report-known = Déjà connu :
report-what = Qu’est-ce qui ne fonctionne pas ?
report-unknown = Je ne suis pas sûr
report-send = Cela ne fonctionne pas chez moi
report-privacy = Nous comptons les signalements. Nous n’enregistrons pas qui les envoie.
report-taken = Merci.
report-taken-text = Nous avons compté votre signalement. La page d’état indique ce que nous savons.
report-refused = Merci. Nous avons assez de signalements pour l’instant.
report-refused-text = Nous avons déjà des signalements récents de votre réseau ou de nombreux autres visiteurs.
report-lost = Votre signalement n’a pas été compté.
report-foreign = Il a été envoyé depuis un autre site. Veuillez l’envoyer depuis celui-ci.
report-unclear = Il ne désigne rien de cette page. Veuillez choisir à nouveau.
report-unnoted = Nous n’avons pas pu l’enregistrer. Veuillez réessayer dans une minute.
not-found = Page introuvable.
not-found-text = L’adresse est peut-être incorrecte, ou la page a été supprimée.
failed = Cette page ne peut pas être affichée.
failed-text = L’erreur a été enregistrée. La page d’état fonctionne peut-être encore.

## Nombres, temps et listes

number-group = { "\u202F" }
number-point = ,
percent = { $number } %
row = { $first } et { $last }
row-comma = ,{ " " }
unit-s = { $n } s
unit-min = { $n } min
unit-h = { $n } h
unit-d = { $n ->
    [one] { $n } jour
   *[other] { $n } jours
}
span = { $first } { $second }
day = { $day ->
    [1] 1er
   *[other] { $day }
} { $month }
day-and-year = { $day ->
    [1] 1er
   *[other] { $day }
} { $month } { $year }
day-and-clock = { $day }, { $clock }
weekday-and-day = { $weekday } { $day }
month-and-year = { $month } { $year }
days = { $from } au { $to }
days-of-month = { $first } au { $to }
weekday-1 = lundi
weekday-2 = mardi
weekday-3 = mercredi
weekday-4 = jeudi
weekday-5 = vendredi
weekday-6 = samedi
weekday-7 = dimanche
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre

## Figures

figures = Mesures des dernières 24 heures
figure-now = maintenant { $value }, { $ago }
figure-unseen = aucune donnée depuis { $since }
figures-all = Mesures
figure-table = Afficher en tableau
figure-from = À partir de
figure-lowest = Minimum
figure-mean = Moyenne
figure-highest = Maximum
figure-none = Aucune donnée.
figure-spans = Périodes
figure-hour = Dernière heure
figure-day = Dernières 24 heures
figure-week = 7 derniers jours
figure-30-days = 30 derniers jours
figure-90-days = 90 derniers jours
evidence = Mesures
recorded-data = Relevés

## What the page says of itself

honest-days = Au cours des { $days } derniers jours
honest-since = Depuis { $day }
honest-noticed = { $span }, cette page { $n ->
    [0] n’a détecté aucun incident
    [one] a détecté un incident
   *[other] a détecté { $n } incidents
}{ $delays }
honest-one = , dans un délai de { $all } après le premier signe
honest-all = , tous dans un délai de { $all } après le premier signe
honest-half = , la moitié dans un délai de { $half } après le premier signe et tous dans un délai de { $all }
honest-false = { $n ->
    [one] un incident a été déclaré résolu trop tôt
   *[other] { $n } incidents ont été déclarés résolus trop tôt
}
honest-withdrawn = { $n ->
    [one] un incident a été retiré
   *[other] { $n } incidents ont été retirés
}
honest-blind = elle n’a reçu aucune donnée pendant { $span }
honest-join = { " " };{ " " }
honest-end = .

## Ce que nous écrivons dans les incidents. Le texte d’un événement ou d’un signalement vient en dernier.

wrote-unseen = Aucune panne depuis la modification de { $at }, mais nous ne pouvons pas encore considérer l’incident comme résolu.
wrote-ongoing = L’incident est toujours en cours.
wrote-waiting = Nous ne pouvons pas encore considérer l’incident comme résolu.
wrote-cured = Depuis la modification de { $at }, { $names } { $n ->
    [one] fonctionne
   *[other] fonctionnent
} de nouveau.
wrote-again = La panne est de retour.
wrote-eased = L’état n’est plus « { $severity } » : les contrôles en échec sont bons depuis { $span }.
wrote-over = Opérationnel depuis { $since }. L’incident a duré { $span }.
wrote-planned = Période de maintenance : de { $from } à { $until }.
wrote-begun = La maintenance a commencé.
wrote-begun-until = La maintenance a commencé. Fin prévue : { $until }.
wrote-extended = L’horaire a changé. Fin de la maintenance désormais prévue : { $until }.
wrote-done = La maintenance est terminée.
wrote-cancelled = Cette maintenance est annulée.
wrote-stopped = Cette maintenance a été interrompue avant la fin.
wrote-event = { $at } : { $text }
wrote-first-report = premier signalement d’un utilisateur : { $text }
wrote-report = signalement d’un utilisateur : { $text }
wrote-reopened = Le problème est de retour.
wrote-withdrawn = C’était une fausse alerte : tout fonctionnait. Nous l’avons retirée.
wrote-published = Nous avons publié ce qui s’est passé et ce que nous en avons appris.
our-systems = tous nos systèmes
less-than = moins de { $span }

## Ce qui a été constaté ou signalé

seen-restarted = Redémarrage : { $names }.
seen-restarted-again = Redémarrage : { $names } ({ $more ->
    [one] une fois de plus
   *[other] { $more } fois de plus
}).
seen-flushed = Une commande a supprimé des données dans { $names }.
seen-flushed-again = Des données ont été supprimées dans { $names } ({ $more ->
    [one] une fois de plus
   *[other] { $more } fois de plus
}).
seen-collapsed = La plupart des données de { $names } ont disparu.
seen-limit = La limite de mémoire de { $names } est passée de { $before } à { $after }.
seen-limit-removed = La limite de mémoire de { $names } a été supprimée ; elle était de { $before }.
seen-limit-set = La limite de mémoire de { $names } a été fixée à { $after } ; il n’y en avait pas avant.
seen-a-store = un stockage de données
seen-store = un stockage de données
seen-process = un processus du service
row-others = { $names } et { $n } autres
provider-reports = { $name } signale : { $text }
reports-fails = { $name } ne fonctionne pas
reports-something = quelque chose ne fonctionne pas

## Post-mortems

mortem-background = Contexte
mortem-problem = Problème
mortem-solution = Solution
mortem-timeline = Chronologie
mortem-continued = Chronologie (suite)
mortem-future = Mesures futures
mortem-unwritten = Notre équipe n’a pas encore rédigé cette section.
record-update = { $word } : { $text }
record-first = Première mesure en échec
record-end = Première mesure correcte du rétablissement
record-first-report = Premier signalement d’un utilisateur : { $text }
record-report = Signalement d’un utilisateur : { $text }
record-release = Nouvelle version : { $text }
record-restart = Redémarrage : { $text }
record-flush = Suppression : { $text }
record-limit = Limite modifiée : { $text }
record-provider = Signalement d’un fournisseur : { $text }
record-what = Ce qui s’est passé
record-more = { $n } de plus
record-noticed = L’incident a été enregistré { $span } après la première mesure en échec.
record-resolved = Il a été considéré comme résolu { $span } après la première mesure correcte.
worst-metric = Mesure
worst-value = Pire valeur
worst-when = Quand
worst-threshold = Seuil
worst-above = plus de { $value }
worst-below = moins de { $value }
worst-off = autre que { $value }
picture-title = { $title }, d’après les mesures
picture-threshold = seuil

chart-range = { $from } à { $until }
chart-values = Les valeurs vont de { $low } à { $high } ; la plus haute date de { $at }.
chart-empty = Aucune donnée.
chart-shades = { $n } incidents sont grisés.
chart-shaded = Grisé : { $label }, { $from } à { $until }.
chart-shaded-since = Grisé : { $label }, depuis { $from }.
chart-gaps = Il y a des trous sans données.
chart-limit = limite
chart-warning = alerte

## Messages of notifiers

notify-headline = { $word } : { $title }
notify-down = Panne
notify-disrupted = Perturbation
notify-notice = Avis
notify-down-again = Nouvelle panne
notify-disrupted-again = Nouvelle perturbation
notify-notice-again = Nouvel avis
notify-down-still = Toujours en panne
notify-disrupted-still = Toujours perturbé
notify-notice-still = Toujours en cours
notify-missed = Terminé avant que nous ayons pu vous prévenir
notify-withdrawn = Retiré
notify-announced = Maintenance planifiée
notify-upcoming = Maintenance imminente
notify-rescheduled = Maintenance reportée
notify-begun = La maintenance a commencé
notify-extended = La maintenance se prolonge
notify-completed = Maintenance terminée
notify-cancelled = Maintenance annulée
notify-operators = Pour l’exploitation
notify-settled = Réglé
notify-affected = Composants touchés
notify-started = Début
notify-ended = Fin
notify-from = De
notify-until = À
notify-earlier = Auparavant
notify-test = Test
notify-test-title = merci d’ignorer ce message
notify-test-text = Un test du destinataire { $name }. Il ne s’est rien passé.

## Courriels

mail-earlier = Mises à jour précédentes
mail-details = Voir les détails
mail-digest-subject = { $site } : { $n } mises à jour
mail-digest-text = Plusieurs événements se sont produits en même temps. Nous les avons réunis dans un seul message.
mail-confirm-subject = Confirmez votre abonnement à { $site }
mail-confirm-text = Veuillez confirmer que vous souhaitez recevoir à cette adresse les mises à jour sur les incidents et les maintenances de { $site }.
mail-confirm-button = Confirmer l’abonnement
mail-confirm-ignore = Si vous n’avez rien demandé, ignorez ce message. Vous n’en recevrez pas d’autre.
mail-link-until = Le lien est valable jusqu’à { $until }.
mail-manage-subject = Votre abonnement à { $site }
mail-manage-text = Choisissez ce que vous souhaitez recevoir de { $site }, ou désabonnez-vous.
mail-manage-button = Gérer l’abonnement
mail-report-subject = { $site } : disponibilité du { $from } au { $until }
mail-report-none = Il n’y a eu aucun incident.
mail-why-subscriber = Vous recevez ce message parce que vous êtes abonné aux mises à jour de { $site }.
mail-why-fixed = Vous recevez ce message parce que cette adresse est enregistrée comme destinataire pour { $site }.
mail-unsubscribe = Se désabonner
