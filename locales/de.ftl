# Was die Seite sagt, auf Deutsch.

## Zustände

state-ok = in Ordnung
state-maintenance = Wartung
state-unknown = nicht sichtbar
state-notice = Hinweis
state-disrupted = gestört
state-down = ausgefallen

phase-investigating = Wird untersucht
phase-identified = Ursache gefunden
phase-monitoring = Wird beobachtet
phase-resolved = Behoben
phase-update = Neues
phase-event = Ereignis
phase-scheduled = Geplant
phase-in-progress = Läuft
phase-completed = Abgeschlossen
phase-cancelled = Abgesagt

stage-scheduled = geplant
stage-in-progress = läuft
stage-overdue = überzogen
stage-completed = abgeschlossen
stage-cancelled = abgesagt

word-post = Mitteilung
word-resolved = behoben

author-rule = von einer Regel bemerkt
author-person = von einem Menschen geschrieben

## Der Kopf der ersten Seite

banner-fine = Alles funktioniert.
banner-notice = Alles funktioniert; bitte lesen Sie den Hinweis unten.
banner-blind = Wir sehen unsere Systeme seit { $since } nicht.
banner-blind-more = Was Sie hier lesen, kann veraltet sein.
banner-maintenance = Geplante Wartung bis { $until }.
banner-maintenance-open = Eine geplante Wartung läuft.
banner-watched = Funktioniert wieder seit { $since }.
banner-watched-more = Wir beobachten es bis { $until }, bevor wir es für beendet erklären.

unwell-maintenance = Eine geplante Wartung läuft.
unwell-many-maintenance = Eine geplante Wartung läuft.
unwell-unknown = Wir sehen nicht, wie es um { $names } steht.
unwell-many-unknown = Wir sehen nicht, wie es um { $n } Teile steht.
unwell-notice = Alles funktioniert; es gibt einen Hinweis zu { $names }.
unwell-many-notice = Alles funktioniert; zu { $n } Teilen gibt es Hinweise.
unwell-disrupted = { $names } { $n ->
    [one] ist
   *[other] sind
} gestört.
unwell-many-disrupted = { $n } Teile sind gestört.
unwell-down = { $names } { $n ->
    [one] ist
   *[other] sind
} ausgefallen.
unwell-many-down = { $n } Teile sind ausgefallen.

lasting = seit { $span }
started = Beginn { $since }.
one-affected = { $name } ist betroffen.
some-affected = { $n } Teile sind betroffen.
next-word = Nächste Meldung bis { $until }.
more-open = { $n ->
    [one] Eine weitere Störung ist offen.
   *[other] { $n } weitere Störungen sind offen.
}
measured-at = Gemessen um { $clock }.
measured-ago = Gemessen vor { $span }.

impact-wait = { $count } { $what } warten, am längsten { $wait } statt { $usual }.
impact-count = { $count } { $what } warten.
impact-growing = Es wird schlechter: etwa { $count } mehr in jeder Minute.
impact-falling = Es wird besser: noch etwa { $span }.
impact-falling-slowly = Es wird besser, aber langsam.
impact-still = Es wird weder besser noch schlechter.
between-sentences = { " " }

waits = Bevor wir es für beendet erklären
wait-failing = Wieder funktionieren muss: { $names }.
wait-unseen = Wir müssen { $names } wieder sehen.
wait-backlog = { $count } { $what } müssen abgearbeitet sein.
wait-capacity = Von unseren Systemen kann mehr verlangt werden, als sie haben. Das muss zuerst geklärt sein.
wait-changed = Um { $since } wurde etwas geändert; seitdem beobachten wir von Neuem.
wait-hold = Alles ist gut und muss es bis { $until } bleiben.
wait-hold-open = Alles ist gut und muss es eine Weile bleiben.
wait-person = Ein Mensch entscheidet, wann es vorbei ist.

## Die erste Seite

open-incidents = Offene Störungen
announcements = Mitteilungen
components = Teile
all-updates = Alle Meldungen
report-ask = Geht bei Ihnen etwas nicht, das hier nicht steht?
reported = Von Anbietern gemeldet
reported-more = Was andere von sich sagen. Es muss hier nicht die Ursache sein.
past = Die letzten Tage
nothing = Nichts zu melden
before = Davor
all-incidents = Alle Störungen
and-more = { $n ->
    [one] Eine weitere
   *[other] { $n } weitere
}
until = bis { $until }

## Tage

days-label = { $days ->
    [one] 1 Tag
   *[other] { $days } Tage
} gesehen: { $share } der gesehenen Zeit in Ordnung
days-hint = Pfeiltasten gehen von Tag zu Tag.
share-of = { $share } von { $span }
apart-unseen = { $span } nicht gesehen
apart-maintenance = { $span } Wartung
day-early = noch nicht gemessen
day-unseen = nicht gesehen
day-fine = in Ordnung
day-down = { $span } ausgefallen
day-disrupted = { $span } gestört
day-maintenance = { $span } Wartung
day-partly-unseen = { $span } nicht gesehen
legend = Jeder Balken ist ein Tag, heute steht rechts. Was verloren ging, ist oben abgeschnitten. Anteile gelten für die letzten 90 Tage.

## Seiten

skip = Zum Inhalt
status-suffix = { " " }Status
nav-pages = Seiten
nav-more = Weitere Seiten
nav-status = Status
nav-history = Verlauf
nav-maintenance = Wartung
nav-subscribe = Abonnieren
nav-report = Problem melden
zone = Zeiten sind in { $zone }.
theme-light = Helle Farben
theme-dark = Dunkle Farben
live-changed = Die Seite hat sich geändert:
page-stale = Diese Seite wurde seit { "{}" } nicht erneuert. Was Sie lesen, kann veraltet sein.
to-status = Zum Status

began = Beginn
over = Ende
planned-until = Geplant bis
duration = Dauer
lasted = dauerte { $span }
severity = Schwere
affected = Betroffen
timeline = Ablauf
neighbours = Andere Störungen
older = Davor
newer = Danach

days-heading = Die letzten 90 Tage
days-table = Die Tage als Tabelle
days-table-day = Tag
days-table-what = Zustand
uptime = Verfügbarkeit
uptime-span = Zeitraum
uptime-share = Verfügbar
uptime-more = Der Anteil gilt für die gesehene Zeit. Nicht gesehene Zeit und Wartung zählen nicht mit.
span-day = 24 Stunden
span-week = 7 Tage
span-month = 30 Tage
span-quarter = 90 Tage
span-year = 365 Tage
incidents-heading = Störungen
none-written = Bisher wurde nichts aufgeschrieben.
visit = Öffnen
follow = Verfolgen
badge = Abzeichen

history = Verlauf
undated = Ohne Datum
search = Suchen
search-words = Wörter
search-component = Teil
search-any = alle
search-all = Alle zeigen
found = { $n ->
    [0] Nichts gefunden.
    [one] Eine Störung gefunden.
   *[other] { $n } Störungen gefunden.
}
cut = Die neuesten { $n } sind zu sehen. Wählen Sie einen Monat oder suchen Sie.
years = Nach Jahr und Monat
incidents = { $n ->
    [one] eine Störung
   *[other] { $n } Störungen
}

works-open = Laufend und geplant
works-none = Keine Wartung ist geplant.
works-done = Abgeschlossen
works-calendar = Den Kalender der geplanten Wartung hinzufügen
from-until = { $from } bis { $until }
from = Ab { $from }
ahead = in { $span }

subscribe-title = Benachrichtigt werden
subscribe-text = Wählen Sie, wie Sie davon hören wollen, wenn etwas geschieht. Ein Konto ist nicht nötig.
way-feed = Feed
way-feed-text = Für Feedleser und Chats: jede Störung mit jeder Meldung.
way-calendar = Kalender
way-calendar-text = Geplante Wartung in Ihrem Kalender.
way-programs = Programme
way-programs-text = Dasselbe als JSON, mit seiner Beschreibung.
way-parts = Einzelne Teile
way-parts-text = Ein Feed für jedes.
way-embed = Auf Ihrer eigenen Seite
way-embed-text = Eine Zeile zeigt den Zustand im Kopf Ihrer Seiten.

report-title = Problem melden
report-text = Ein Druck genügt. Er hilft uns, es früher zu bemerken.
report-known = Davon wissen wir schon:
report-what = Was geht nicht?
report-unknown = Kann ich nicht sagen
report-send = Bei mir geht es nicht
report-privacy = Wir zählen die Meldungen. Wir behalten nicht, von wem sie kommen.
report-taken = Danke.
report-taken-text = Ihre Meldung wurde gezählt. Was wir wissen, steht auf der Statusseite.
report-refused = Danke, das genügt fürs Erste.
report-refused-text = In kurzer Zeit kamen viele Meldungen. Wir haben es bemerkt.
report-lost = Ihre Meldung wurde nicht gezählt.
report-foreign = Eine Seite von anderswo hat sie gesendet. Bitte senden Sie sie von hier.
report-unclear = Sie nennt nichts, was auf dieser Seite steht. Bitte wählen Sie noch einmal.
report-unnoted = Wir konnten sie gerade nicht festhalten. Bitte versuchen Sie es in einer Minute noch einmal.

not-found = Diese Seite gibt es nicht.
not-found-text = Die Adresse ist vielleicht falsch geschrieben, oder die Seite wurde entfernt.
failed = Diese Seite kann nicht gezeigt werden.
failed-text = Wir erfahren davon. Die erste Seite geht vielleicht.

## Zahlen, Zeiten und Listen

number-group = .
number-point = ,
percent = { $number } %
row = { $first } und { $last }
row-comma = ,{ " " }
unit-s = { $n } s
unit-min = { $n } min
unit-h = { $n } h
unit-d = { $n ->
    [one] { $n } Tag
   *[other] { $n } Tage
}
span = { $first } { $second }
day = { $day }. { $month }
day-and-year = { $day }. { $month } { $year }
day-and-clock = { $day }, { $clock }
weekday-and-day = { $weekday }, { $day }
month-and-year = { $month } { $year }
days = { $from } bis { $to }
days-of-month = { $first }. bis { $to }
weekday-1 = Montag
weekday-2 = Dienstag
weekday-3 = Mittwoch
weekday-4 = Donnerstag
weekday-5 = Freitag
weekday-6 = Samstag
weekday-7 = Sonntag
month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember

## Figures

figures = Messwerte des letzten Tages
figure-now = jetzt { $value }
figure-table = Als Tabelle
figure-from = Ab
figure-lowest = Kleinster
figure-mean = Mittel
figure-highest = Größter
figure-none = Nichts wurde gemessen.
figure-spans = Zeiträume
figure-hour = Letzte Stunde
figure-day = Letzter Tag
figure-week = Letzte Woche
figure-30-days = Letzte 30 Tage
figure-90-days = Letzte 90 Tage
evidence = Was gemessen wurde

## What the page says of itself

honest-days = In den letzten { $days } Tagen
honest-since = Seit { $day }
honest-noticed = { $span } hat diese Seite { $n ->
    [0] keine Störung
    [one] eine Störung
   *[other] { $n } Störungen
} bemerkt{ $delays }
honest-one = , innerhalb von { $all } nach dem ersten Anzeichen
honest-all = , alle innerhalb von { $all } nach dem ersten Anzeichen
honest-half = , die Hälfte innerhalb von { $half } nach dem ersten Anzeichen und alle innerhalb von { $all }
honest-false = { $n ->
    [one] eine Entwarnung kam zu früh
   *[other] { $n } Entwarnungen kamen zu früh
}
honest-withdrawn = { $n ->
    [one] eine wurde zurückgenommen
   *[other] { $n } wurden zurückgenommen
}
honest-blind = sie konnte { $span } lang nichts sehen
honest-join = ;{ " " }
honest-end = .
