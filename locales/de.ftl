# Was die Seite sagt, auf Deutsch.

## Zustände

state-ok = betriebsbereit
state-unmeasured = keine Störungen gemeldet
state-maintenance = Wartung
state-unknown = keine Daten
state-notice = Hinweis
state-disrupted = gestört
state-down = ausgefallen

phase-investigating = Wird untersucht
phase-identified = Ursache gefunden
phase-monitoring = Wird beobachtet
phase-resolved = Behoben
phase-update = Update
phase-event = Ereignis
phase-scheduled = Geplant
phase-in-progress = Läuft
phase-completed = Abgeschlossen
phase-cancelled = Abgesagt
phase-post-mortem = Nachbetrachtung

stage-scheduled = geplant
stage-in-progress = läuft
stage-overdue = überzogen
stage-completed = abgeschlossen
stage-cancelled = abgesagt

word-post = Mitteilung
word-resolved = behoben
word-withdrawn = zurückgezogen

author-rule = automatisch veröffentlicht
author-person = von unserem Team veröffentlicht
author-named = veröffentlicht von { $name }

## Der Kopf der ersten Seite

banner-fine = Alle Systeme sind betriebsbereit.
banner-notice = Alle Systeme sind betriebsbereit. Bitte beachten Sie den Hinweis unten.
banner-unmeasured = Keine Störungen gemeldet.
banner-unmeasured-notice = Bitte beachten Sie den Hinweis unten.
banner-empty = Es wird noch nichts überwacht.
banner-blind = Seit { $since } liegen keine Daten unserer Systeme vor.
banner-blind-more = Die Angaben auf dieser Seite können veraltet sein.
banner-maintenance = Geplante Wartung bis { $until }.
banner-maintenance-open = Eine geplante Wartung läuft.
banner-watched = Funktioniert wieder seit { $since }.
banner-watched-more = Wir beobachten die Lage und erklären die Störung gegen { $until } für behoben, wenn alles stabil bleibt.
banner-watched-held = Wir erklären die Störung nicht vor { $until } für behoben.

unwell-maintenance = Eine geplante Wartung läuft.
unwell-many-maintenance = Eine geplante Wartung läuft.
unwell-unknown = Für { $names } liegen uns keine Daten vor.
unwell-many-unknown = Für { $n } Komponenten liegen uns keine Daten vor.
unwell-notice = Alle Systeme sind betriebsbereit. Es gibt einen Hinweis zu { $names }.
unwell-many-notice = Alle Systeme sind betriebsbereit. Zu { $n } Komponenten gibt es Hinweise.
unwell-disrupted = { $names } { $n ->
    [one] ist
   *[other] sind
} gestört.
unwell-many-disrupted = { $n } Komponenten sind gestört.
unwell-down = { $names } { $n ->
    [one] ist
   *[other] sind
} ausgefallen.
unwell-many-down = { $n } Komponenten sind ausgefallen.

lasting = seit { $span }
started = Beginn: { $since }.
affects = Betrifft { $names }.
affects-more = Betrifft { $names } und { $n } weitere.
next-word = Nächstes Update bis { $until }.
more-open = { $n ->
    [one] Eine weitere Störung ist offen.
   *[other] { $n } weitere Störungen sind offen.
}
resolved-ago = Vor { $span } behoben:
post-mortem-ago = Nachbetrachtung vor { $span } veröffentlicht:
works-in = { $name } in { $span }
works-from-here = Funktioniert von hier aus: { $names } (geprüft um { $clock }).
visitors-reported = { $count } Besucher haben das in den letzten 10 Minuten gemeldet.
measured-at = Zuletzt geprüft um { $clock }.
measured-ago = Zuletzt geprüft vor { $span }.
ago = vor { $span }

impact-wait = { $n ->
    [one] { $count } der { $what } wartet, seit { $wait } statt der üblichen { $usual }.
   *[other] { $count } { $what } warten, am längsten { $wait } statt der üblichen { $usual }.
}
impact-count = { $n ->
    [one] { $count } der { $what } wartet.
   *[other] { $count } { $what } warten.
}
impact-growing = Der Rückstau wächst um etwa { $count } pro Minute.
impact-falling = Der Rückstau nimmt ab und dürfte in etwa { $span } abgebaut sein.
impact-falling-slowly = Der Rückstau nimmt langsam ab.
impact-still = Der Rückstau nimmt weder zu noch ab.
between-sentences = { " " }

waits = Was geschehen muss, bevor wir die Störung für behoben erklären
wait-failing = Folgendes muss wieder funktionieren: { $names }.
wait-unseen = Für { $names } müssen wieder Daten vorliegen.
wait-backlog = { $n ->
    [one] Der Rückstau ({ $what }) muss abgebaut werden: { $count } ist übrig.
   *[other] Der Rückstau von { $count } { $what } muss abnehmen.
}
wait-capacity = Für ein bekanntes Kapazitätsrisiko muss eine Lösung gefunden werden.
wait-changed = Um { $since } wurde etwas geändert. Seitdem beobachten wir von Neuem.
wait-hold = Keine Fehler seit { $since }. Wir beobachten bis { $until } weiter.
wait-settling = Keine Fehler seit { $since }. Das muss so bleiben.
wait-hold-open = Es muss eine Weile stabil bleiben.
wait-person = Unser Team muss bestätigen, dass die Störung behoben ist.

## Die erste Seite

open-incidents = Aktuelle Störungen
announcements = Mitteilungen
components = Komponenten
all-updates = Alle Updates
report-ask = Funktioniert bei Ihnen etwas nicht, das hier nicht aufgeführt ist?
reported = Meldungen unserer Anbieter
reported-more = Von den Statusseiten unserer Anbieter. Ein Zusammenhang muss nicht bestehen.
past = Vergangene Störungen
nothing = Keine Störungen gemeldet
before = Früher
all-incidents = Alle Störungen
and-more = { $n ->
    [one] Eine weitere
   *[other] { $n } weitere
}
until = bis { $until }

## Tage

days-label = { $share } Verfügbarkeit an { $days ->
    [one] 1 Tag
   *[other] { $days } Tagen
} mit Daten
days-hint = Mit den Pfeiltasten wechseln Sie zwischen den Tagen.
share-of = { $share } in { $span }
since-today = seit heute { $clock } Uhr
since-day = seit dem { $day }
gap-note = Unsere Überwachung war unterbrochen. Keine Daten: { $days }.
gap-days = { $days } ({ $span })
gap-more = { $n ->
    [one] ein früherer Zeitraum
   *[other] { $n } frühere Zeiträume
}
apart-unseen = { $span } ohne Daten
apart-maintenance = { $span } Wartung
day-early = noch keine Daten
day-unseen = keine Daten
day-fine = betriebsbereit
day-down = { $span } ausgefallen
day-disrupted = { $span } gestört
day-maintenance = { $span } Wartung
day-partly-unseen = { $span } keine Daten
legend = Jeder Balken steht für einen Tag, heute ist rechts. Ausfallzeit ist oben abgeschnitten.

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
zone = Alle Zeiten in { $zone }.
theme-light = Helles Design
theme-dark = Dunkles Design
live-changed = Neuer Status:
page-stale = Diese Seite wurde seit { "{}" } nicht aktualisiert. Die Angaben können veraltet sein.

# What the team decided about checks of a component that fail.
silenced-until = Unser Team hat die Warnungen bis { $until } stummgeschaltet.
silenced-overruled = Unser Team hat eine Prüfung, die noch fehlschlägt, für unerheblich erklärt.
to-status = Aktueller Status

began = Beginn
over = Ende
planned-until = Geplant bis
duration = Dauer
lasted-for = Dauer
lasting-span = { $span }
flaps = { $n }-mal behoben und wieder aufgetreten
lasted = dauerte { $span }
severity = Schweregrad
affected = Betroffen
timeline = Verlauf
neighbours = Andere Störungen
older = Ältere
newer = Neuere

days-heading = Die letzten 90 Tage
days-heading-month = Die letzten 30 Tage
days-table = Tag für Tag
days-table-day = Tag
days-table-what = Status
uptime = Verfügbarkeit
uptime-span = Zeitraum
uptime-share = Verfügbarkeit
uptime-more = Die Verfügbarkeit gilt für die Zeit mit Daten. Zeit ohne Daten und Wartung zählen nicht mit.
span-day = 24 Stunden
span-week = 7 Tage
span-month = 30 Tage
span-quarter = 90 Tage
span-year = 365 Tage
incidents-heading = Störungen
none-written = Bisher sind keine Störungen verzeichnet.
visit = Aufrufen
follow = Dieser Komponente folgen
badge = Badge

history = Verlauf
undated = Ohne Datum
search = Suchen
search-words = Suchbegriffe
search-component = Komponente
search-any = alle
search-all = Alle anzeigen
found = { $n ->
    [0] Keine Treffer.
    [one] Ein Treffer.
   *[other] { $n } Treffer.
}
cut = Angezeigt werden die neuesten { $n }. Wählen Sie einen Monat oder suchen Sie nach weiteren.
years = Nach Jahr und Monat
incidents = { $n ->
    [one] eine Störung
   *[other] { $n } Störungen
}

works-open = Laufend und geplant
works-none = Keine Wartung geplant.
works-done = Abgeschlossen
works-calendar = Geplante Wartungen zum Kalender hinzufügen
from-until = { $from } bis { $until }
from = Ab { $from }
ahead = in { $span }

subscribe-title = Updates abonnieren
subscribe-text = Wählen Sie, wie Sie von Störungen und Wartungen erfahren möchten. Ein Konto ist nicht nötig.
way-feed = Feed
way-feed-text = Jede Störung mit allen Updates, für Feedreader und Chats.
way-calendar = Kalender
way-calendar-text = Geplante Wartungen in Ihrem Kalender.
way-programs = API
way-programs-text = Dieselben Informationen als JSON, mit Dokumentation.
way-parts = Einzelne Komponenten
way-parts-text = Ein eigener Feed für jede Komponente.
way-embed = Auf Ihrer eigenen Website
way-embed-text = Eine Zeile Code zeigt unseren Status oben auf Ihren Seiten.

language-name = Deutsch
subscribe-mail = Per E-Mail
subscribe-mail-text = Wir senden Ihnen zuerst einen Link. Erst wenn Sie ihn öffnen und bestätigen, bekommen Sie weitere E-Mails.
subscribe-address = Ihre E-Mail-Adresse
subscribe-options = Auswählen, was Sie erhalten
subscribe-kinds = Was wir senden
subscribe-incidents = Störungen
subscribe-maintenance = Geplante Wartungen
subscribe-report = Verfügbarkeitsbericht
subscribe-report-none = Keiner
subscribe-report-weekly = Jede Woche
subscribe-report-monthly = Jeden Monat
subscribe-components = Komponenten
subscribe-components-text = Wenn Sie keine auswählen, erfahren Sie von allen.
subscribe-language = Sprache der E-Mails
subscribe-privacy = Wir verwenden Ihre Adresse nur für diese E-Mails. Jede E-Mail enthält einen Link zum Abbestellen; danach löschen wir Ihre Adresse.
subscribe-asked = Sehen Sie in Ihr Postfach.
subscribe-asked-text = Wenn die Adresse E-Mails von uns empfangen kann, ist ein Link unterwegs. Er gilt 48 Stunden. Kommt in den nächsten Minuten nichts an, sehen Sie im Spam-Ordner nach oder versuchen Sie es später noch einmal.
subscribe-refused = Ihre Eingabe wurde nicht angenommen.
subscribe-no-address = Das ist keine E-Mail-Adresse, die wir verwenden können. Bitte prüfen Sie sie.
subscribe-nothing = Sie haben nichts ausgewählt, also würden wir nichts senden. Bitte wählen Sie etwas aus oder bestellen Sie ab.
subscribe-confirm = Abonnement bestätigen?
subscribe-confirm-text = Wir senden erst dann E-Mails, wenn Sie bestätigen. Wenn Sie das nicht angefordert haben, schließen Sie diese Seite; dann wird nichts gesendet.
subscribe-confirm-send = Abonnement bestätigen
subscribe-done = Sie haben die E-Mails abonniert.
subscribe-manage = Ihr Abonnement
subscribe-manage-text = Sie können es hier jederzeit ändern. Jede E-Mail enthält einen Link zu dieser Seite.
subscribe-save = Speichern
subscribe-saved = Ihre Änderungen sind gespeichert.
subscribe-leave = Alle E-Mails abbestellen?
subscribe-leave-text = Wir löschen Ihre Adresse und senden Ihnen nichts mehr.
subscribe-leave-send = Abbestellen
subscribe-left = Sie haben die E-Mails abbestellt.
subscribe-left-text = Ihre Adresse ist gelöscht, und Sie bekommen keine E-Mails mehr von uns.
subscribe-unknown = Dieser Link funktioniert nicht mehr.
subscribe-unknown-text = Er ist vielleicht unvollständig oder abgelaufen. Geben Sie Ihre Adresse noch einmal ein, um einen neuen zu erhalten.

report-title = Problem melden
report-text = Ein Klick genügt. Ihre Meldung hilft uns, Probleme früher zu bemerken.
report-known = Bereits bekannt:
report-what = Was funktioniert nicht?
report-unknown = Ich bin nicht sicher
report-send = Bei mir funktioniert es nicht
report-privacy = Wir zählen die Meldungen. Wir speichern nicht, von wem sie kommen.
report-taken = Vielen Dank.
report-taken-text = Wir haben Ihre Meldung gezählt. Was wir wissen, steht auf der Statusseite.
report-refused = Vielen Dank. Im Moment haben wir genug Meldungen.
report-refused-text = Uns liegen bereits aktuelle Meldungen aus Ihrem Netz oder von vielen anderen Besuchern vor.
report-lost = Ihre Meldung wurde nicht gezählt.
report-foreign = Sie wurde von einer anderen Website gesendet. Bitte senden Sie sie von dieser Seite.
report-unclear = Sie nennt nichts, was auf dieser Seite steht. Bitte wählen Sie noch einmal.
report-unnoted = Wir konnten sie gerade nicht speichern. Bitte versuchen Sie es in einer Minute noch einmal.

not-found = Seite nicht gefunden.
not-found-text = Die Adresse ist möglicherweise falsch, oder die Seite wurde entfernt.
failed = Diese Seite kann nicht angezeigt werden.
failed-text = Der Fehler wurde aufgezeichnet. Die Statusseite funktioniert möglicherweise noch.

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

figures = Messwerte der letzten 24 Stunden
figure-now = jetzt { $value }, { $ago }
figure-unseen = keine Daten seit { $since }
figures-all = Messwerte
figure-table = Als Tabelle anzeigen
figure-from = Ab
figure-lowest = Minimum
figure-mean = Durchschnitt
figure-highest = Maximum
figure-none = Keine Daten.
figure-spans = Zeiträume
figure-hour = Letzte Stunde
figure-day = Letzte 24 Stunden
figure-week = Letzte 7 Tage
figure-30-days = Letzte 30 Tage
figure-90-days = Letzte 90 Tage
evidence = Messwerte
recorded-data = Aufzeichnungen

## What the page says of itself

honest-days = In den letzten { $days } Tagen
honest-since = Seit { $day }
honest-noticed = { $span } hat diese Seite { $n ->
    [0] keine Störung
    [one] eine Störung
   *[other] { $n } Störungen
} erkannt{ $delays }
honest-one = , innerhalb von { $all } nach dem ersten Anzeichen
honest-all = , alle innerhalb von { $all } nach dem ersten Anzeichen
honest-half = , die Hälfte innerhalb von { $half } nach dem ersten Anzeichen und alle innerhalb von { $all }
honest-false = { $n ->
    [one] eine Störung wurde zu früh für behoben erklärt
   *[other] { $n } Störungen wurden zu früh für behoben erklärt
}
honest-withdrawn = { $n ->
    [one] eine Störung wurde zurückgezogen
   *[other] { $n } Störungen wurden zurückgezogen
}
honest-blind = für { $span } lagen keine Daten vor
honest-join = ;{ " " }
honest-end = .

## Was wir in Störungen schreiben. Der Text eines Ereignisses oder einer Meldung steht am Ende.

wrote-unseen = Seit der Änderung um { $at } sind keine Fehler mehr aufgetreten, aber wir können die Störung noch nicht für behoben erklären.
wrote-ongoing = Die Störung dauert an.
wrote-waiting = Wir können die Störung noch nicht für behoben erklären.
wrote-cured = Seit der Änderung um { $at } { $n ->
    [one] funktioniert
   *[other] funktionieren
} { $names } wieder.
wrote-again = Der Fehler tritt wieder auf.
wrote-eased = Herabgestuft von „{ $severity }“: Die fehlgeschlagenen Prüfungen sind seit { $span } unauffällig.
wrote-over = Funktioniert seit { $since }. Die Störung dauerte { $span }.
wrote-planned = Wartungsfenster: { $from } bis { $until }.
wrote-begun = Die Wartung hat begonnen.
wrote-begun-until = Die Wartung hat begonnen. Ihr Ende ist für { $until } geplant.
wrote-extended = Der Zeitplan hat sich geändert. Das Ende der Wartung ist jetzt für { $until } geplant.
wrote-done = Die Wartung ist abgeschlossen.
wrote-cancelled = Diese Wartung wurde abgesagt.
wrote-stopped = Diese Wartung wurde vorzeitig beendet.
wrote-event = { $at }: { $text }
wrote-first-report = erste Meldung eines Nutzers: { $text }
wrote-report = Meldung eines Nutzers: { $text }
wrote-reopened = Das Problem besteht wieder.
wrote-withdrawn = Das war ein Fehlalarm: Alles hat funktioniert. Wir haben die Meldung zurückgezogen.
wrote-published = Wir haben veröffentlicht, was geschehen ist und was wir daraus gelernt haben.
our-systems = alle unsere Systeme
less-than = weniger als { $span }

## Was bemerkt oder gemeldet wurde

seen-restarted = { $names } { $n ->
    [one] wurde
   *[other] wurden
} neu gestartet.
seen-restarted-again = { $names } { $n ->
    [one] wurde
   *[other] wurden
} { $more ->
    [one] noch einmal
   *[other] noch { $more }-mal
} neu gestartet.
seen-flushed = Daten in { $names } wurden durch einen Befehl gelöscht.
seen-flushed-again = Daten in { $names } wurden { $more ->
    [one] noch einmal
   *[other] noch { $more }-mal
} gelöscht.
seen-collapsed = Die meisten Daten in { $names } sind verschwunden.
seen-limit = Die Speichergrenze von { $names } wurde von { $before } auf { $after } geändert.
seen-limit-removed = Die Speichergrenze von { $names } wurde aufgehoben; sie lag bei { $before }.
seen-limit-set = Die Speichergrenze von { $names } wurde auf { $after } gesetzt; vorher gab es keine.
seen-a-store = ein Datenspeicher
seen-store = einem Datenspeicher
seen-process = ein Dienstprozess
row-others = { $names } und { $n } weitere
provider-reports = { $name } meldet: { $text }
reports-fails = { $name } funktioniert nicht
reports-something = etwas funktioniert nicht

## Nachbetrachtungen

mortem-background = Hintergrund
mortem-problem = Problem
mortem-solution = Lösung
mortem-timeline = Zeitlicher Ablauf
mortem-continued = Zeitlicher Ablauf (Fortsetzung)
mortem-future = Künftige Maßnahmen
mortem-unwritten = Unser Team hat diesen Abschnitt noch nicht geschrieben.
record-update = { $word }: { $text }
record-first = Erste fehlerhafte Messung
record-end = Erste fehlerfreie Messung nach der Störung
record-first-report = Erste Meldung eines Nutzers: { $text }
record-report = Meldung eines Nutzers: { $text }
record-release = Release: { $text }
record-restart = Neustart: { $text }
record-flush = Löschung: { $text }
record-limit = Grenze geändert: { $text }
record-provider = Meldung eines Anbieters: { $text }
record-what = Was geschah
record-more = { $n } weitere
record-noticed = Die Störung wurde { $span } nach der ersten fehlerhaften Messung festgehalten.
record-resolved = Sie wurde { $span } nach der ersten fehlerfreien Messung für behoben erklärt.
worst-metric = Messgröße
worst-value = Schlechtester Wert
worst-when = Wann
worst-threshold = Grenzwert
worst-above = über { $value }
worst-below = unter { $value }
worst-off = anders als { $value }
picture-title = { $title }, gemessen
picture-threshold = Grenzwert

chart-range = { $from } bis { $until }
chart-values = Die Werte liegen zwischen { $low } und { $high }; der höchste war um { $at }.
chart-empty = Keine Daten.
chart-shades = { $n } Störungen sind schattiert.
chart-shaded = Schattiert: { $label }, { $from } bis { $until }.
chart-shaded-since = Schattiert: { $label }, seit { $from }.
chart-gaps = Es gibt Lücken ohne Daten.
chart-limit = Grenze
chart-warning = Warnung

## Messages of notifiers

notify-headline = { $word }: { $title }
notify-down = Ausfall
notify-disrupted = Störung
notify-notice = Hinweis
notify-down-again = Erneuter Ausfall
notify-disrupted-again = Erneute Störung
notify-notice-again = Erneuter Hinweis
notify-down-still = Weiterhin ausgefallen
notify-disrupted-still = Weiterhin gestört
notify-notice-still = Weiterhin offen
notify-missed = Schon vorbei, bevor wir es melden konnten
notify-withdrawn = Zurückgezogen
notify-announced = Geplante Wartung
notify-upcoming = Wartung beginnt bald
notify-rescheduled = Wartung verschoben
notify-begun = Wartung hat begonnen
notify-extended = Wartung dauert länger
notify-completed = Wartung abgeschlossen
notify-cancelled = Wartung abgesagt
notify-operators = Für den Betrieb
notify-settled = Erledigt
notify-affected = Betroffen
notify-started = Beginn
notify-ended = Ende
notify-from = Von
notify-until = Bis
notify-earlier = Zuvor
notify-test = Test
notify-test-title = bitte diese Nachricht ignorieren
notify-test-text = Ein Test des Empfängers { $name }. Es ist nichts passiert.

## E-Mails

mail-earlier = Frühere Updates
mail-details = Einzelheiten ansehen
mail-digest-subject = { $site }: { $n } Updates
mail-digest-text = Es ist mehreres auf einmal geschehen. Deshalb steht alles in einer Nachricht.
mail-confirm-subject = Bestätigen Sie Ihr Abonnement von { $site }
mail-confirm-text = Bitte bestätigen Sie, dass Sie an diese Adresse Updates zu Störungen und Wartungen von { $site } erhalten möchten.
mail-confirm-button = Abonnement bestätigen
mail-confirm-ignore = Falls Sie das nicht angefordert haben, brauchen Sie nichts zu tun. Sie hören dann nicht mehr von uns.
mail-link-until = Der Link gilt bis { $until }.
mail-manage-subject = Ihr Abonnement von { $site }
mail-manage-text = Wählen Sie, was Sie von { $site } erfahren möchten, oder bestellen Sie das Abonnement ab.
mail-manage-button = Abonnement verwalten
mail-report-subject = { $site }: Verfügbarkeit vom { $from } bis { $until }
mail-report-none = Es gab keine Störungen.
mail-why-subscriber = Sie erhalten diese Nachricht, weil Sie Updates von { $site } abonniert haben.
mail-why-fixed = Sie erhalten diese Nachricht, weil diese Adresse als Empfänger für { $site } eingetragen ist.
mail-unsubscribe = Abbestellen
