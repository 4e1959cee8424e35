# Ce que la page dit, en français.

## États

state-ok = en ordre
state-maintenance = maintenance
state-unknown = non visible
state-notice = avis
state-disrupted = perturbé
state-down = en panne
phase-investigating = Recherche en cours
phase-identified = Cause trouvée
phase-monitoring = Sous surveillance
phase-resolved = Résolu
phase-update = Nouvelles
phase-event = Événement
phase-scheduled = Prévu
phase-in-progress = En cours
phase-completed = Terminé
phase-cancelled = Annulé
stage-scheduled = prévue
stage-in-progress = en cours
stage-overdue = en retard
stage-completed = terminée
stage-cancelled = annulée
word-post = annonce
word-resolved = résolu
author-rule = remarqué par une règle
author-person = écrit par une personne

## Le haut de la première page

banner-fine = Tout fonctionne.
banner-notice = Tout fonctionne ; veuillez lire l’avis ci-dessous.
banner-blind = Nous ne voyons plus nos systèmes depuis { $since }.
banner-blind-more = Ce que vous lisez ici peut être dépassé.
banner-maintenance = Maintenance prévue jusqu’à { $until }.
banner-maintenance-open = Une maintenance prévue est en cours.
banner-watched = Fonctionne à nouveau depuis { $since }.
banner-watched-more = Nous observons jusqu’à { $until } avant de déclarer la fin.
unwell-maintenance = Une maintenance prévue est en cours.
unwell-many-maintenance = Une maintenance prévue est en cours.
unwell-unknown = Nous ne voyons pas l’état de { $names }.
unwell-many-unknown = Nous ne voyons pas l’état de { $n } éléments.
unwell-notice = Tout fonctionne ; il y a un avis sur { $names }.
unwell-many-notice = Tout fonctionne ; il y a des avis sur { $n } éléments.
unwell-disrupted = { $names } : service perturbé.
unwell-many-disrupted = { $n } éléments sont perturbés.
unwell-down = { $names } : service en panne.
unwell-many-down = { $n } éléments sont en panne.
lasting = depuis { $span }
started = Début : { $since }.
one-affected = { $name } est touché.
some-affected = { $n } éléments sont touchés.
next-word = Prochaines nouvelles d’ici { $until }.
more-open = { $n ->
    [one] Un autre incident est ouvert.
   *[other] { $n } autres incidents sont ouverts.
}
measured-at = Mesuré à { $clock }.
measured-ago = Mesuré il y a { $span }.
impact-wait = { $count } { $what } en attente, { $wait } pour le plus ancien au lieu de { $usual }.
impact-count = { $count } { $what } en attente.
impact-growing = Cela empire : environ { $count } de plus par minute.
impact-falling = Cela s’améliore : encore environ { $span }.
impact-falling-slowly = Cela s’améliore, mais lentement.
impact-still = Cela ne s’améliore ni n’empire.
between-sentences = { " " }
waits = Avant de déclarer la fin
wait-failing = { $names } : le fonctionnement doit reprendre.
wait-unseen = Nous devons à nouveau voir { $names }.
wait-backlog = { $count } { $what } doivent être traités.
wait-capacity = On peut demander à nos systèmes plus qu’ils ne peuvent donner. Cela doit d’abord être réglé.
wait-changed = Quelque chose a été modifié à { $since } ; nous observons à partir de là.
wait-hold = Tout va bien et doit le rester jusqu’à { $until }.
wait-hold-open = Tout va bien et doit le rester un moment.
wait-person = Une personne décide de la fin.

## La première page

open-incidents = Incidents en cours
announcements = Annonces
components = Éléments
all-updates = Toutes les nouvelles
report-ask = Quelque chose ne marche pas chez vous et n’est pas indiqué ici ?
reported = Signalé par des fournisseurs
reported-more = Ce que d’autres disent d’eux-mêmes. Ce n’est pas forcément la cause de quoi que ce soit ici.
past = Les derniers jours
nothing = Rien à signaler
before = Auparavant
all-incidents = Tous les incidents
and-more = { $n ->
    [one] Un de plus
   *[other] { $n } de plus
}
until = jusqu’à { $until }

## Jours

days-label = { $days ->
    [one] 1 jour vu
   *[other] { $days } jours vus
} : en ordre { $share } du temps vu
days-hint = Les flèches vont d’un jour à l’autre.
share-of = { $share } de { $span }
apart-unseen = { $span } non vu
apart-maintenance = { $span } de maintenance
day-early = pas encore mesuré
day-unseen = non vu
day-fine = en ordre
day-down = en panne pendant { $span }
day-disrupted = perturbé pendant { $span }
day-maintenance = maintenance pendant { $span }
day-partly-unseen = non vu pendant { $span }
legend = Chaque barre est un jour, aujourd’hui à droite. Ce qui a été perdu est coupé en haut. Les pourcentages portent sur les 90 derniers jours.

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
zone = Heures en { $zone }.
theme-light = Couleurs claires
theme-dark = Couleurs sombres
live-changed = La page a changé :
page-stale = Cette page n’a pas été actualisée depuis { "{}" }. Ce que vous lisez peut être dépassé.
to-status = Vers l’état
began = Début
over = Fin
planned-until = Prévu jusqu’à
duration = Durée
lasted = a duré { $span }
severity = Gravité
affected = Touchés
timeline = Déroulement
neighbours = Autres incidents
older = Précédent
newer = Suivant
days-heading = Les 90 derniers jours
days-table = Les jours en tableau
days-table-day = Jour
days-table-what = État
uptime = Disponibilité
uptime-span = Période
uptime-share = Disponible
uptime-more = La part est celle du temps vu. Le temps non vu et la maintenance n’en font pas partie.
span-day = 24 heures
span-week = 7 jours
span-month = 30 jours
span-quarter = 90 jours
span-year = 365 jours
incidents-heading = Incidents
none-written = Rien n’a encore été noté.
visit = Ouvrir
follow = Suivre
badge = Badge
history = Historique
undated = Sans date
search = Chercher
search-words = Mots
search-component = Élément
search-any = tous
search-all = Tout afficher
found = { $n ->
    [0] Rien trouvé.
    [one] Un incident trouvé.
   *[other] { $n } incidents trouvés.
}
cut = Les { $n } plus récents sont affichés. Choisissez un mois ou cherchez.
years = Par année et par mois
incidents = { $n ->
    [one] un incident
   *[other] { $n } incidents
}
works-open = En cours et prévues
works-none = Aucune maintenance n’est prévue.
works-done = Terminées
works-calendar = Ajouter le calendrier des maintenances prévues
from-until = { $from } à { $until }
from = À partir de { $from }
ahead = dans { $span }
subscribe-title = Être averti
subscribe-text = Choisissez comment apprendre qu’il se passe quelque chose. Aucun compte n’est nécessaire.
way-feed = Flux
way-feed-text = Pour les lecteurs de flux et les messageries : chaque incident avec toutes ses nouvelles.
way-calendar = Calendrier
way-calendar-text = Les maintenances prévues dans votre calendrier.
way-programs = Programmes
way-programs-text = La même chose en JSON, avec sa description.
way-parts = Éléments séparés
way-parts-text = Un flux pour chacun.
way-embed = Sur votre propre site
way-embed-text = Une ligne affiche l’état en tête de vos pages.
report-title = Signaler un problème
report-text = Une pression suffit. Elle nous aide à le remarquer plus tôt.
report-known = Nous le savons déjà :
report-what = Qu’est-ce qui ne marche pas ?
report-unknown = Je ne sais pas
report-send = Cela ne marche pas chez moi
report-privacy = Nous comptons les signalements. Nous ne gardons pas qui les a envoyés.
report-taken = Merci.
report-taken-text = Votre signalement a été compté. Ce que nous savons se trouve sur la page d’état.
report-refused = Merci, cela suffit pour l’instant.
report-refused-text = Beaucoup de signalements sont arrivés en peu de temps. Nous l’avons remarqué.
report-lost = Votre signalement n’a pas été compté.
report-foreign = Une page d’un autre site l’a envoyé. Veuillez l’envoyer depuis celle-ci.
report-unclear = Il ne désigne rien de cette page. Veuillez choisir à nouveau.
report-unnoted = Nous n’avons pas pu le noter à l’instant. Veuillez réessayer dans une minute.
not-found = Cette page n’existe pas.
not-found-text = L’adresse est peut-être mal écrite, ou la page a été retirée.
failed = Cette page ne peut pas être affichée.
failed-text = Nous en sommes avertis. La première page marche peut-être.

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

figures = Mesures du dernier jour
figure-now = maintenant { $value }
figure-table = En tableau
figure-from = À partir de
figure-lowest = Minimum
figure-mean = Moyenne
figure-highest = Maximum
figure-none = Rien n’a été mesuré.
figure-spans = Périodes
figure-hour = Dernière heure
figure-day = Dernier jour
figure-week = Dernière semaine
figure-30-days = 30 derniers jours
figure-90-days = 90 derniers jours
evidence = Ce qui a été mesuré

## What the page says of itself

honest-days = Au cours des { $days } derniers jours
honest-since = Depuis { $day }
honest-noticed = { $span }, cette page a remarqué { $n ->
    [0] aucun incident
    [one] un incident
   *[other] { $n } incidents
}{ $delays }
honest-one = , en { $all } après le premier signe
honest-all = , tous en { $all } après le premier signe
honest-half = , la moitié en { $half } après le premier signe et tous en { $all }
honest-false = { $n ->
    [one] une fin a été annoncée trop tôt
   *[other] { $n } fins ont été annoncées trop tôt
}
honest-withdrawn = { $n ->
    [one] un a été retiré
   *[other] { $n } ont été retirés
}
honest-blind = elle n’a rien pu voir pendant { $span }
honest-join = { " " };{ " " }
honest-end = .
