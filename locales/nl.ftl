# Wat de pagina zegt, in het Nederlands.

## Toestanden

state-ok = operationeel
state-unmeasured = geen incidenten gemeld
state-maintenance = onderhoud
state-unknown = geen gegevens
state-notice = melding
state-disrupted = verstoord
state-down = niet beschikbaar
phase-investigating = In onderzoek
phase-identified = Oorzaak gevonden
phase-monitoring = Wordt gevolgd
phase-resolved = Opgelost
phase-update = Update
phase-event = Gebeurtenis
phase-scheduled = Gepland
phase-in-progress = Bezig
phase-completed = Afgerond
phase-cancelled = Geannuleerd
phase-post-mortem = Evaluatie
stage-scheduled = gepland
stage-in-progress = bezig
stage-overdue = uitgelopen
stage-completed = afgerond
stage-cancelled = geannuleerd
word-post = aankondiging
word-resolved = opgelost
word-withdrawn = ingetrokken
author-rule = automatisch geplaatst
author-person = geplaatst door ons team
author-named = geplaatst door { $name }

## De kop van de eerste pagina

banner-fine = Alle systemen zijn operationeel.
banner-notice = Alle systemen zijn operationeel. Lees de melding hieronder.
banner-unmeasured = Geen incidenten gemeld.
banner-unmeasured-notice = Lees de melding hieronder.
banner-empty = Er wordt nog niets gemonitord.
banner-blind = Geen gegevens van onze systemen sinds { $since }.
banner-blind-more = De informatie op deze pagina kan verouderd zijn.
banner-maintenance = Gepland onderhoud tot { $until }.
banner-maintenance-open = Er is gepland onderhoud bezig.
banner-watched = Werkt weer sinds { $since }.
banner-watched-more = We volgen de situatie en melden het incident rond { $until } als opgelost als alles stabiel blijft.
banner-watched-held = We melden het incident niet vóór { $until } als opgelost.
unwell-maintenance = Er is gepland onderhoud bezig.
unwell-many-maintenance = Er is gepland onderhoud bezig.
unwell-unknown = We hebben geen gegevens over { $names }.
unwell-many-unknown = We hebben geen gegevens over { $n } componenten.
unwell-notice = Alle systemen zijn operationeel. Er is een melding over { $names }.
unwell-many-notice = Alle systemen zijn operationeel. Er zijn meldingen over { $n } componenten.
unwell-disrupted = { $names } { $n ->
    [one] is
   *[other] zijn
} verstoord.
unwell-many-disrupted = { $n } componenten zijn verstoord.
unwell-down = { $names } { $n ->
    [one] is
   *[other] zijn
} niet beschikbaar.
unwell-many-down = { $n } componenten zijn niet beschikbaar.
lasting = al { $span }
started = Begonnen: { $since }.
affects = Getroffen: { $names }.
affects-more = Getroffen: { $names } en nog { $n }.
next-word = Volgende update uiterlijk { $until }.
more-open = { $n ->
    [one] Er is nog een incident gaande.
   *[other] Er zijn nog { $n } incidenten gaande.
}
resolved-ago = { $span } geleden opgelost:
post-mortem-ago = Evaluatie { $span } geleden gepubliceerd:
works-in = { $name } in { $span }
works-from-here = Werkt vanaf hier: { $names } (gecontroleerd om { $clock }).
visitors-reported = { $count } bezoekers hebben dit in de afgelopen 10 minuten gemeld.
measured-at = Laatst gecontroleerd om { $clock }.
measured-ago = { $span } geleden voor het laatst gecontroleerd.
ago = { $span } geleden
impact-wait = { $n ->
    [one] { $count } item in de wachtrij ({ $what }), al { $wait } in plaats van de gebruikelijke { $usual }.
   *[other] { $count } { $what } in de wachtrij, de langste wachttijd is { $wait } in plaats van de gebruikelijke { $usual }.
}
impact-count = { $n ->
    [one] { $count } item in de wachtrij ({ $what }).
   *[other] { $count } { $what } in de wachtrij.
}
impact-growing = De achterstand groeit met ongeveer { $count } per minuut.
impact-falling = De achterstand neemt af en is naar verwachting over ongeveer { $span } weggewerkt.
impact-falling-slowly = De achterstand neemt langzaam af.
impact-still = De achterstand neemt niet toe en niet af.
between-sentences = { " " }
waits = Wat er moet gebeuren voordat we het incident als opgelost melden
wait-failing = Dit moet weer werken: { $names }.
wait-unseen = We moeten weer gegevens krijgen over { $names }.
wait-backlog = { $n ->
    [one] De achterstand van { $count } item ({ $what }) moet afnemen.
   *[other] De achterstand van { $count } { $what } moet afnemen.
}
wait-capacity = Een bekend capaciteitsrisico moet worden aangepakt.
wait-changed = Er is iets gewijzigd ({ $since }). Sindsdien volgen we de situatie opnieuw.
wait-hold = Geen fouten sinds { $since }. We volgen de situatie tot { $until }.
wait-settling = Geen fouten sinds { $since }. Dat moet zo blijven.
wait-hold-open = Het moet een tijdje stabiel blijven.
wait-person = Ons team moet bevestigen dat het incident is opgelost.

## De eerste pagina

open-incidents = Lopende incidenten
announcements = Aankondigingen
components = Componenten
all-updates = Alle updates
report-ask = Werkt er iets niet dat hier niet staat?
reported = Gemeld door onze leveranciers
reported-more = Van de statuspagina’s van onze leveranciers. Er hoeft geen verband te zijn.
past = Eerdere incidenten
nothing = Geen incidenten gemeld
before = Eerder
all-incidents = Alle incidenten
and-more = Nog { $n }
until = tot { $until }

## Dagen

days-label = { $share } beschikbaar over { $days ->
    [one] 1 dag
   *[other] { $days } dagen
} met gegevens
days-hint = Gebruik de pijltoetsen om van dag naar dag te gaan.
share-of = { $share } over { $span }
since-today = sinds { $clock } vandaag
since-day = sinds { $day }
gap-note = Onze monitoring was onderbroken. Geen gegevens: { $days }.
gap-days = { $days } ({ $span })
gap-more = { $n ->
    [one] één eerdere keer
   *[other] { $n } eerdere keren
}
apart-unseen = { $span } zonder gegevens
apart-maintenance = { $span } onderhoud
day-early = nog geen gegevens
day-unseen = geen gegevens
day-fine = operationeel
day-down = { $span } niet beschikbaar
day-disrupted = { $span } verstoord
day-maintenance = { $span } onderhoud
day-partly-unseen = { $span } geen gegevens
legend = Elke balk is één dag, vandaag staat rechts. Verloren tijd is van de bovenkant van de balk afgehaald.

## Pagina’s

skip = Naar de inhoud
status-suffix = { " " }status
nav-pages = Pagina’s
nav-more = Meer pagina’s
nav-status = Status
nav-history = Geschiedenis
nav-maintenance = Onderhoud
nav-subscribe = Abonneren
nav-report = Probleem melden
zone = Alle tijden zijn in { $zone }.
theme-light = Licht thema
theme-dark = Donker thema
live-changed = Nieuwe status:
page-stale = Deze pagina is sinds { "{}" } niet bijgewerkt. De informatie kan verouderd zijn.

# What the team decided about checks of a component that fail.
silenced-until = Ons team heeft de waarschuwingen tot { $until } gedempt.
silenced-overruled = Ons team negeert bewust een controle die nog mislukt.
to-status = Huidige status
began = Begin
over = Einde
planned-until = Gepland tot
duration = Duur
lasted-for = Duur
lasting-span = { $span }
flaps = { $n } keer hersteld en opnieuw uitgevallen
lasted = duurde { $span }
severity = Ernst
affected = Getroffen
timeline = Verloop
neighbours = Andere incidenten
older = Ouder
newer = Nieuwer
days-heading = De afgelopen 90 dagen
days-heading-month = De afgelopen 30 dagen
days-table = Dag voor dag
days-table-day = Dag
days-table-what = Status
uptime = Beschikbaarheid
uptime-span = Periode
uptime-share = Beschikbaarheid
uptime-more = De beschikbaarheid geldt voor de tijd met gegevens. Tijd zonder gegevens en onderhoud tellen niet mee.
span-day = 24 uur
span-week = 7 dagen
span-month = 30 dagen
span-quarter = 90 dagen
span-year = 365 dagen
incidents-heading = Incidenten
none-written = Er zijn nog geen incidenten vastgelegd.
visit = Bezoeken
follow = Deze component volgen
badge = Badge
history = Geschiedenis
undated = Zonder datum
search = Zoeken
search-words = Trefwoorden
search-component = Component
search-any = alle
search-all = Alles tonen
found = { $n ->
    [0] Geen resultaten.
    [one] Eén resultaat.
   *[other] { $n } resultaten.
}
cut = De nieuwste { $n } worden getoond. Kies een maand of zoek om er meer te zien.
years = Per jaar en maand
incidents = { $n ->
    [one] één incident
   *[other] { $n } incidenten
}
works-open = Bezig en gepland
works-none = Er is geen onderhoud gepland.
works-done = Afgerond
works-calendar = Gepland onderhoud aan uw agenda toevoegen
from-until = { $from } tot { $until }
from = Vanaf { $from }
ahead = over { $span }
subscribe-title = Abonneren op updates
subscribe-text = Kies hoe u over incidenten en onderhoud wilt horen. Een account is niet nodig.
way-feed = Feed
way-feed-text = Elk incident met alle updates, voor feedlezers en chatapps.
way-calendar = Agenda
way-calendar-text = Gepland onderhoud in uw agenda.
way-programs = API
way-programs-text = Dezelfde informatie als JSON, met documentatie.
way-parts = Afzonderlijke componenten
way-parts-text = Een eigen feed voor elke component.
way-embed = Op uw eigen site
way-embed-text = Eén regel code toont onze status boven aan uw pagina’s.

language-name = Nederlands
subscribe-mail = Per e-mail
subscribe-mail-text = We sturen u eerst een link. U krijgt verder niets totdat u die opent en bevestigt.
subscribe-address = Uw e-mailadres
subscribe-options = Kiezen wat u ontvangt
subscribe-kinds = Wat we sturen
subscribe-incidents = Storingen
subscribe-maintenance = Gepland onderhoud
subscribe-report = Beschikbaarheidsrapport
subscribe-report-none = Geen
subscribe-report-weekly = Elke week
subscribe-report-monthly = Elke maand
subscribe-components = Onderdelen
subscribe-components-text = Als u niets selecteert, hoort u over alle onderdelen.
subscribe-language = Taal van de e-mails
subscribe-privacy = We gebruiken uw adres alleen voor deze e-mails. Elke e-mail bevat een link om u af te melden; daarna verwijderen we uw adres.
subscribe-asked = Kijk in uw inbox.
subscribe-asked-text = Als het adres e-mail van ons kan ontvangen, is er een link onderweg. Die werkt 48 uur. Komt er binnen enkele minuten niets aan, kijk dan in uw spammap of probeer het later opnieuw.
subscribe-refused = Uw formulier is niet geaccepteerd.
subscribe-no-address = Dit is geen e-mailadres dat we kunnen gebruiken. Controleer het a.u.b.
subscribe-nothing = U hebt niets geselecteerd, dus we zouden niets sturen. Selecteer iets of meld u af.
subscribe-confirm = Uw abonnement bevestigen?
subscribe-confirm-text = We sturen pas e-mails nadat u hebt bevestigd. Hebt u hier niet om gevraagd, sluit dan deze pagina; er wordt niets gestuurd.
subscribe-confirm-send = Abonnement bevestigen
subscribe-done = U bent geabonneerd.
subscribe-manage = Uw abonnement
subscribe-manage-text = U kunt het hier altijd wijzigen. Elke e-mail bevat een link naar deze pagina.
subscribe-save = Opslaan
subscribe-saved = Uw wijzigingen zijn opgeslagen.
subscribe-leave = Afmelden voor alle e-mails?
subscribe-leave-text = We verwijderen uw adres en sturen u niets meer.
subscribe-leave-send = Afmelden
subscribe-left = U bent afgemeld.
subscribe-left-text = Uw adres is verwijderd en u krijgt geen e-mails meer van ons.
subscribe-unknown = Deze link werkt niet meer.
subscribe-unknown-text = Hij is misschien onvolledig of verlopen. Vul uw adres opnieuw in om een nieuwe te krijgen.
report-title = Probleem melden
report-text = Eén klik is genoeg. Uw melding helpt ons problemen eerder op te merken.
report-known = Dit weten we al:
report-what = Wat werkt er niet?
report-unknown = Dat weet ik niet zeker
report-send = Bij mij werkt het niet
report-privacy = We tellen meldingen. We bewaren niet wie ze heeft gestuurd.
report-taken = Bedankt.
report-taken-text = We hebben uw melding geteld. Op de statuspagina staat wat we weten.
report-refused = Bedankt. We hebben op dit moment genoeg meldingen.
report-refused-text = We hebben al recente meldingen van uw netwerk of van veel andere bezoekers.
report-lost = Uw melding is niet geteld.
report-foreign = De melding kwam van een andere website. Stuur haar vanaf deze site.
report-unclear = De melding noemt niets wat op deze pagina staat. Kies opnieuw.
report-unnoted = We konden de melding niet opslaan. Probeer het over een minuut opnieuw.
not-found = Pagina niet gevonden.
not-found-text = Het adres klopt misschien niet, of de pagina is verwijderd.
failed = Deze pagina kan niet worden getoond.
failed-text = De fout is vastgelegd. De statuspagina werkt mogelijk nog wel.

## Getallen, tijden en lijsten

number-group = .
number-point = ,
percent = { $number }%
row = { $first } en { $last }
row-comma = ,{ " " }
unit-s = { $n }{ "\u00A0" }s
unit-min = { $n }{ "\u00A0" }min
unit-h = { $n }{ "\u00A0" }u
unit-d = { $n ->
    [one] { $n } dag
   *[other] { $n } dagen
}
span = { $first } { $second }
day = { $day } { $month }
day-and-year = { $day } { $month } { $year }
day-and-clock = { $day }, { $clock }
weekday-and-day = { $weekday } { $day }
month-and-year = { $month } { $year }
days = { $from } tot en met { $to }
days-of-month = { $first } tot en met { $to }
weekday-1 = maandag
weekday-2 = dinsdag
weekday-3 = woensdag
weekday-4 = donderdag
weekday-5 = vrijdag
weekday-6 = zaterdag
weekday-7 = zondag
month-1 = januari
month-2 = februari
month-3 = maart
month-4 = april
month-5 = mei
month-6 = juni
month-7 = juli
month-8 = augustus
month-9 = september
month-10 = oktober
month-11 = november
month-12 = december

## Figures

figures = Meetwaarden van de afgelopen 24 uur
figure-now = nu { $value }, { $ago }
figure-unseen = geen gegevens sinds { $since }
figures-all = Meetwaarden
figure-table = Als tabel tonen
figure-from = Vanaf
figure-lowest = Laagste
figure-mean = Gemiddelde
figure-highest = Hoogste
figure-none = Geen gegevens.
figure-spans = Perioden
figure-hour = Afgelopen uur
figure-day = Afgelopen 24 uur
figure-week = Afgelopen 7 dagen
figure-30-days = Afgelopen 30 dagen
figure-90-days = Afgelopen 90 dagen
evidence = Metingen
recorded-data = Vastgelegde gegevens

## What the page says of itself

honest-days = In de afgelopen { $days } dagen
honest-since = Sinds { $day }
honest-noticed = { $span } heeft deze pagina { $n ->
    [0] geen incidenten
    [one] één incident
   *[other] { $n } incidenten
} ontdekt{ $delays }
honest-one = , binnen { $all } na het eerste teken
honest-all = , allemaal binnen { $all } na het eerste teken
honest-half = , de helft binnen { $half } na het eerste teken en allemaal binnen { $all }
honest-false = { $n ->
    [one] één incident is te vroeg als opgelost gemeld
   *[other] { $n } incidenten zijn te vroeg als opgelost gemeld
}
honest-withdrawn = { $n ->
    [one] één incident is ingetrokken
   *[other] { $n } incidenten zijn ingetrokken
}
honest-blind = er waren { $span } geen gegevens
honest-join = ;{ " " }
honest-end = .

## Wat we in incidenten schrijven. De tekst van een gebeurtenis of melding staat achteraan.

wrote-unseen = Sinds de wijziging om { $at } waren er geen fouten meer, maar we kunnen het incident nog niet als opgelost melden.
wrote-ongoing = Het incident duurt voort.
wrote-waiting = We kunnen het incident nog niet als opgelost melden.
wrote-cured = Sinds de wijziging om { $at } { $n ->
    [one] werkt
   *[other] werken
} { $names } weer.
wrote-again = Het probleem treedt opnieuw op.
wrote-eased = Verlaagd vanaf “{ $severity }”: de mislukte controles zijn al { $span } in orde.
wrote-over = Werkt sinds { $since }. Het incident duurde { $span }.
wrote-planned = Onderhoudsvenster: { $from } tot { $until }.
wrote-begun = Het onderhoud is begonnen.
wrote-begun-until = Het onderhoud is begonnen. Het gepland einde is { $until }.
wrote-extended = De planning is gewijzigd. Het gepland einde van het onderhoud is nu { $until }.
wrote-done = Het onderhoud is afgerond.
wrote-cancelled = Dit onderhoud is geannuleerd.
wrote-stopped = Dit onderhoud is voortijdig beëindigd.
wrote-event = Om { $at }: { $text }
wrote-first-report = eerste melding van een gebruiker: { $text }
wrote-report = melding van een gebruiker: { $text }
wrote-reopened = Het probleem is terug.
wrote-withdrawn = Dit was vals alarm: er was niets aan de hand. We hebben het ingetrokken.
wrote-published = We hebben gepubliceerd wat er is gebeurd en wat we ervan hebben geleerd.
our-systems = al onze systemen
less-than = minder dan { $span }

## Wat is opgemerkt of gemeld

seen-restarted = { $names } { $n ->
    [one] is
   *[other] zijn
} opnieuw gestart.
seen-restarted-again = { $names } { $n ->
    [one] is
   *[other] zijn
} { $more ->
    [one] nog een keer
   *[other] nog { $more } keer
} opnieuw gestart.
seen-flushed = Gegevens in { $names } zijn door een opdracht verwijderd.
seen-flushed-again = Gegevens in { $names } zijn { $more ->
    [one] nog een keer
   *[other] nog { $more } keer
} door een opdracht verwijderd.
seen-collapsed = De meeste gegevens in { $names } zijn verdwenen.
seen-limit = De geheugenlimiet van { $names } is gewijzigd van { $before } in { $after }.
seen-limit-removed = De geheugenlimiet van { $names } is opgeheven; die was { $before }.
seen-limit-set = De geheugenlimiet van { $names } is ingesteld op { $after }; eerder was er geen.
seen-a-store = een gegevensopslag
seen-store = een gegevensopslag
seen-process = een proces van de dienst
row-others = { $names } en { $n } andere
provider-reports = { $name } meldt: { $text }
reports-fails = { $name } werkt niet
reports-something = iets werkt niet

## Evaluaties

mortem-background = Achtergrond
mortem-problem = Probleem
mortem-solution = Oplossing
mortem-timeline = Tijdlijn
mortem-continued = Tijdlijn (vervolg)
mortem-future = Maatregelen voor de toekomst
mortem-unwritten = Ons team heeft dit deel nog niet geschreven.
record-update = { $word }: { $text }
record-first = Eerste foutieve meting
record-end = Eerste goede meting na het incident
record-first-report = Eerste melding van een gebruiker: { $text }
record-report = Melding van een gebruiker: { $text }
record-release = Release: { $text }
record-restart = Herstart: { $text }
record-flush = Gegevens verwijderd: { $text }
record-limit = Limiet gewijzigd: { $text }
record-provider = Melding van een leverancier: { $text }
record-what = Wat er gebeurde
record-more = nog { $n }
record-noticed = Het incident is { $span } na de eerste foutieve meting vastgelegd.
record-resolved = Het is { $span } na de eerste goede meting als opgelost gemeld.
worst-metric = Meetwaarde
worst-value = Slechtste waarde
worst-when = Wanneer
worst-threshold = Drempel
worst-above = boven { $value }
worst-below = onder { $value }
worst-off = anders dan { $value }
picture-title = { $title }, zoals gemeten
picture-threshold = drempel

chart-range = { $from } tot { $until }
chart-values = De waarden liggen tussen { $low } en { $high }; de hoogste was om { $at }.
chart-empty = Geen gegevens.
chart-shades = { $n } incidenten zijn gearceerd.
chart-shaded = Gearceerd: { $label }, { $from } tot { $until }.
chart-shaded-since = Gearceerd: { $label }, sinds { $from }.
chart-gaps = Er zijn gaten zonder gegevens.
chart-limit = grens
chart-warning = waarschuwing

## Messages of notifiers

notify-headline = { $word }: { $title }
notify-down = Niet beschikbaar
notify-disrupted = Verstoord
notify-notice = Melding
notify-down-again = Opnieuw niet beschikbaar
notify-disrupted-again = Opnieuw verstoord
notify-notice-again = Opnieuw een melding
notify-down-still = Nog steeds niet beschikbaar
notify-disrupted-still = Nog steeds verstoord
notify-notice-still = Nog steeds open
notify-missed = Voorbij voordat we het konden melden
notify-withdrawn = Ingetrokken
notify-announced = Gepland onderhoud
notify-upcoming = Onderhoud begint binnenkort
notify-rescheduled = Onderhoud verplaatst
notify-begun = Onderhoud is begonnen
notify-extended = Onderhoud duurt langer
notify-completed = Onderhoud afgerond
notify-cancelled = Onderhoud geannuleerd
notify-operators = Voor beheerders
notify-settled = Afgehandeld
notify-affected = Getroffen
notify-started = Begin
notify-ended = Einde
notify-from = Van
notify-until = Tot
notify-earlier = Eerder
notify-test = Test
notify-test-title = negeer dit bericht
notify-test-text = Een test van de ontvanger { $name }. Er is niets gebeurd.

## E-mails

mail-earlier = Eerdere updates
mail-details = Details bekijken
mail-digest-subject = { $site }: { $n } nieuwe berichten
mail-digest-text = Er gebeurden meerdere dingen tegelijk. Daarom staat alles in één bericht.
mail-confirm-subject = Bevestig uw abonnement op { $site }
mail-confirm-text = Bevestig dat u op dit adres updates over incidenten en onderhoud van { $site } wilt ontvangen.
mail-confirm-button = Abonnement bevestigen
mail-confirm-ignore = Hebt u hier niet om gevraagd? Dan kunt u dit bericht negeren. U hoort niets meer van ons.
mail-link-until = De link is geldig tot { $until }.
mail-manage-subject = Uw abonnement op { $site }
mail-manage-text = Kies wat u van { $site } wilt horen, of zeg het abonnement op.
mail-manage-button = Abonnement beheren
mail-report-subject = { $site }: beschikbaarheid van { $from } tot en met { $until }
mail-report-none = Er waren geen incidenten.
mail-why-subscriber = U ontvangt dit bericht omdat u zich hebt geabonneerd op updates van { $site }.
mail-why-fixed = U ontvangt dit bericht omdat dit adres als ontvanger voor { $site } is ingesteld.
mail-unsubscribe = Afmelden
