# Co mówi strona, po polsku.

## Stany

state-ok = działa
state-unmeasured = nie zgłoszono incydentów
state-maintenance = prace serwisowe
state-unknown = brak danych
state-notice = komunikat
state-disrupted = zakłócenia
state-down = awaria
phase-investigating = Badamy przyczynę
phase-identified = Przyczyna ustalona
phase-monitoring = Monitorujemy
phase-resolved = Rozwiązano
phase-update = Aktualizacja
phase-event = Zdarzenie
phase-scheduled = Zaplanowano
phase-in-progress = W toku
phase-completed = Zakończono
phase-cancelled = Odwołano
phase-post-mortem = Analiza po incydencie
stage-scheduled = zaplanowane
stage-in-progress = w toku
stage-overdue = przedłużone
stage-completed = zakończone
stage-cancelled = odwołane
word-post = ogłoszenie
word-resolved = rozwiązano
word-withdrawn = wycofano
author-rule = opublikowano automatycznie
author-person = opublikował nasz zespół
author-named = autor: { $name }

## Nagłówek pierwszej strony

banner-fine = Wszystkie systemy działają.
banner-notice = Wszystkie systemy działają. Prosimy przeczytać komunikat poniżej.
banner-unmeasured = Nie zgłoszono incydentów.
banner-unmeasured-notice = Prosimy przeczytać komunikat poniżej.
banner-empty = Na razie nic nie jest monitorowane.
banner-blind = Brak danych z naszych systemów od { $since }.
banner-blind-more = Informacje na tej stronie mogą być nieaktualne.
banner-maintenance = Planowane prace serwisowe do { $until }.
banner-maintenance-open = Trwają planowane prace serwisowe.
banner-watched = Działa ponownie od { $since }.
banner-watched-more = Monitorujemy sytuację i uznamy incydent za rozwiązany około { $until }, jeśli wszystko pozostanie stabilne.
banner-watched-held = Nie uznamy incydentu za rozwiązany przed { $until }.
unwell-maintenance = Trwają planowane prace serwisowe.
unwell-many-maintenance = Trwają planowane prace serwisowe.
unwell-unknown = Brak danych: { $names }.
unwell-many-unknown = { $n ->
    [one] Brak danych o { $n } komponencie.
   *[other] Brak danych o { $n } komponentach.
}
unwell-notice = Wszystkie systemy działają. Komunikat dotyczy: { $names }.
unwell-many-notice = { $n ->
    [one] Wszystkie systemy działają. Komunikaty dotyczą { $n } komponentu.
   *[other] Wszystkie systemy działają. Komunikaty dotyczą { $n } komponentów.
}
unwell-disrupted = { $names }: zakłócenia.
unwell-many-disrupted = { $n ->
    [one] Zakłócenia w { $n } komponencie.
   *[other] Zakłócenia w { $n } komponentach.
}
unwell-down = { $names }: awaria.
unwell-many-down = { $n ->
    [one] Awaria { $n } komponentu.
   *[other] Awaria { $n } komponentów.
}
lasting = trwa { $span }
started = Początek: { $since }.
affects = Dotyczy: { $names }.
affects-more = Dotyczy: { $names } i { $n ->
    [one] jeszcze { $n } komponentu
   *[other] jeszcze { $n } komponentów
}.
next-word = Następna aktualizacja do { $until }.
more-open = { $n ->
    [one] Trwa jeszcze jeden incydent.
    [few] Trwają jeszcze { $n } incydenty.
   *[many] Trwa jeszcze { $n } incydentów.
}
resolved-ago = Rozwiązano { $span } temu:
post-mortem-ago = Analizę po incydencie opublikowano { $span } temu:
works-in = { $name } w { $span }
works-from-here = Stąd działa: { $names } (sprawdzono o { $clock }).
visitors-reported = Zgłoszenia odwiedzających z ostatnich 10 minut: { $count }.
measured-at = Ostatnie sprawdzenie o { $clock }.
measured-ago = Ostatnie sprawdzenie { $span } temu.
ago = { $span } temu
impact-wait = W kolejce: { $count } ({ $what }). Najdłuższe oczekiwanie to { $wait }, zwykle { $usual }.
impact-count = W kolejce: { $count } ({ $what }).
impact-growing = Kolejka rośnie o około { $count } na minutę.
impact-falling = Kolejka maleje. Do jej opróżnienia pozostało około { $span }.
impact-falling-slowly = Kolejka powoli maleje.
impact-still = Kolejka nie rośnie i nie maleje.
between-sentences = { " " }
waits = Co musi się stać, zanim uznamy incydent za rozwiązany
wait-failing = Musi znowu działać: { $names }.
wait-unseen = Musimy znowu otrzymywać dane: { $names }.
wait-backlog = Kolejka musi się zmniejszyć: { $count } ({ $what }).
wait-capacity = Trzeba usunąć znane ryzyko braku zasobów.
wait-changed = Wprowadzono zmianę ({ $since }), więc monitorujemy od nowa.
wait-hold = Brak błędów od { $since }. Monitorujemy do { $until }.
wait-settling = Brak błędów od { $since }. Tak musi pozostać.
wait-hold-open = Sytuacja musi przez jakiś czas pozostać stabilna.
wait-person = Nasz zespół musi potwierdzić rozwiązanie.

## Pierwsza strona

open-incidents = Trwające incydenty
announcements = Ogłoszenia
components = Komponenty
all-updates = Wszystkie aktualizacje
report-ask = Nie działa coś, czego tu nie ma?
reported = Zgłoszone przez naszych dostawców
reported-more = Ze stron statusu naszych dostawców. Może nie mieć związku.
past = Wcześniejsze incydenty
nothing = Nie zgłoszono incydentów
before = Wcześniej
all-incidents = Wszystkie incydenty
and-more = { $n ->
    [one] Jeszcze jeden
   *[other] Jeszcze { $n }
}
until = do { $until }

## Dni

days-label = dostępność { $share }, { $days ->
    [one] 1 dzień
   *[other] { $days } dni
} z danymi
days-hint = Klawisze strzałek przenoszą między dniami.
share-of = { $share } ({ $span })
since-today = dziś od { $clock }
since-day = od { $day }
gap-note = Nasz monitoring był przerwany. Brak danych: { $days }.
gap-days = { $days } ({ $span })
gap-more = { $n ->
    [one] jeszcze raz wcześniej
   *[other] jeszcze { $n } razy wcześniej
}
apart-unseen = { $span } bez danych
apart-maintenance = { $span } prac serwisowych
day-early = jeszcze brak danych
day-unseen = brak danych
day-fine = działa
day-down = awaria: { $span }
day-disrupted = zakłócenia: { $span }
day-maintenance = prace serwisowe: { $span }
day-partly-unseen = brak danych: { $span }
legend = Każdy słupek to jeden dzień, dzisiejszy jest po prawej. Utracony czas jest odcięty od góry słupka.

## Strony

skip = Przejdź do treści
status-suffix = { " " }– status
nav-pages = Strony
nav-more = Więcej stron
nav-status = Status
nav-history = Historia
nav-maintenance = Prace serwisowe
nav-subscribe = Subskrybuj
nav-report = Zgłoś problem
zone = Wszystkie godziny w strefie { $zone }.
theme-light = Jasny motyw
theme-dark = Ciemny motyw
live-changed = Nowy status:
page-stale = Ta strona nie jest aktualizowana od { "{}" }. Informacje mogą być nieaktualne.

# What the team decided about checks of a component that fail.
silenced-until = Nasz zespół wyciszył alerty tego komponentu do { $until }.
silenced-overruled = Nasz zespół pominął test, który nadal kończy się błędem.
to-status = Bieżący status
began = Początek
over = Koniec
planned-until = Planowany koniec
duration = Czas trwania
lasted-for = Czas trwania
lasting-span = { $span }
flaps = { $n ->
    [one] Przywrócono i ponownie przerwano 1 raz
   *[other] Przywrócono i ponownie przerwano { $n } razy
}
lasted = czas trwania { $span }
severity = Waga
affected = Dotyczy
timeline = Przebieg
neighbours = Inne incydenty
older = Starszy
newer = Nowszy
days-heading = Ostatnie 90 dni
days-heading-month = Ostatnie 30 dni
days-table = Dzień po dniu
days-table-day = Dzień
days-table-what = Stan
uptime = Dostępność
uptime-span = Okres
uptime-share = Dostępność
uptime-more = Dostępność liczymy z czasu, o którym mamy dane. Czasu bez danych i prac serwisowych nie wliczamy.
span-day = 24 godziny
span-week = 7 dni
span-month = 30 dni
span-quarter = 90 dni
span-year = 365 dni
incidents-heading = Incydenty
none-written = Nie odnotowano jeszcze żadnych incydentów.
visit = Otwórz
follow = Obserwuj ten komponent
badge = Odznaka
history = Historia
undated = Bez daty
search = Szukaj
search-words = Słowa kluczowe
search-component = Komponent
search-any = wszystkie
search-all = Pokaż wszystko
found = { $n ->
    [0] Brak wyników.
    [one] Jeden wynik.
    [few] { $n } wyniki.
   *[many] { $n } wyników.
}
cut = Liczba pokazanych najnowszych incydentów: { $n }. Aby zobaczyć więcej, wybierz miesiąc lub użyj wyszukiwania.
years = Według roku i miesiąca
incidents = { $n ->
    [one] jeden incydent
    [few] { $n } incydenty
   *[many] { $n } incydentów
}
works-open = W toku i zaplanowane
works-none = Nie zaplanowano prac serwisowych.
works-done = Zakończone
works-calendar = Dodaj planowane prace serwisowe do kalendarza
from-until = od { $from } do { $until }
from = Od { $from }
ahead = za { $span }
subscribe-title = Subskrybuj aktualizacje
subscribe-text = Wybierz, jak chcesz dowiadywać się o incydentach i pracach serwisowych. Konto nie jest potrzebne.
way-feed = Kanał RSS i Atom
way-feed-text = Każdy incydent ze wszystkimi aktualizacjami, do czytników kanałów i komunikatorów.
way-calendar = Kalendarz
way-calendar-text = Planowane prace serwisowe w Twoim kalendarzu.
way-programs = API
way-programs-text = Te same informacje w formacie JSON, z dokumentacją.
way-parts = Poszczególne komponenty
way-parts-text = Osobny kanał dla każdego komponentu.
way-embed = Na Twojej stronie
way-embed-text = Jeden wiersz kodu pokazuje nasz status u góry Twoich stron.

language-name = Polski
subscribe-mail = E-mailem
subscribe-mail-text = Najpierw wyślemy link. Kolejne wiadomości otrzymasz dopiero po jego otwarciu i potwierdzeniu.
subscribe-address = Twój adres e-mail
subscribe-options = Wybierz, co chcesz otrzymywać
subscribe-kinds = Co wysyłamy
subscribe-incidents = Incydenty
subscribe-maintenance = Planowane prace serwisowe
subscribe-report = Raport dostępności
subscribe-report-none = Brak
subscribe-report-weekly = Co tydzień
subscribe-report-monthly = Co miesiąc
subscribe-components = Komponenty
subscribe-components-text = Jeśli nie zaznaczysz żadnego, powiadomimy o wszystkich.
subscribe-language = Język wiadomości
subscribe-privacy = Używamy adresu tylko do tych wiadomości. Każda zawiera link do rezygnacji, a po rezygnacji usuwamy adres.
subscribe-asked = Sprawdź skrzynkę odbiorczą.
subscribe-asked-text = Jeśli ten adres może odbierać nasze wiadomości, link jest już w drodze. Działa przez 48 godzin. Jeśli w ciągu kilku minut nic nie nadejdzie, sprawdź folder ze spamem lub spróbuj później.
subscribe-refused = Formularz nie został przyjęty.
subscribe-no-address = Nie możemy użyć tego adresu e-mail. Sprawdź go.
subscribe-nothing = Nic nie zaznaczono, więc nic byśmy nie wysłali. Zaznacz coś albo zrezygnuj z subskrypcji.
subscribe-confirm = Potwierdzić subskrypcję?
subscribe-confirm-text = Wiadomości wysyłamy dopiero po potwierdzeniu. Jeśli to nie była Twoja prośba, zamknij tę stronę, a nic nie zostanie wysłane.
subscribe-confirm-send = Potwierdź subskrypcję
subscribe-done = Subskrypcja jest aktywna.
subscribe-manage = Twoja subskrypcja
subscribe-manage-text = Możesz ją tu zmienić w każdej chwili. Każda wiadomość zawiera link do tej strony.
subscribe-save = Zapisz
subscribe-saved = Zmiany zostały zapisane.
subscribe-leave = Zrezygnować ze wszystkich wiadomości?
subscribe-leave-text = Usuniemy Twój adres i nie wyślemy nic więcej.
subscribe-leave-send = Zrezygnuj z subskrypcji
subscribe-left = Subskrypcja została zakończona.
subscribe-left-text = Twój adres został usunięty i nie będziemy już wysyłać wiadomości.
subscribe-unknown = Ten link już nie działa.
subscribe-unknown-text = Może być niepełny lub mógł wygasnąć. Podaj adres ponownie, aby otrzymać nowy.
report-title = Zgłoś problem
report-text = Wystarczy jedno kliknięcie. Twoje zgłoszenie pomaga nam szybciej zauważać problemy.
report-known = O tym już wiemy:
report-what = Co nie działa?
report-unknown = Nie wiem
report-send = U mnie nie działa
report-privacy = Liczymy zgłoszenia. Nie zapisujemy, kto je wysłał.
report-taken = Dziękujemy.
report-taken-text = Twoje zgłoszenie zostało policzone. Strona statusu pokazuje to, co wiemy.
report-refused = Dziękujemy. Na razie mamy wystarczająco dużo zgłoszeń.
report-refused-text = Mamy już niedawne zgłoszenia z Twojej sieci lub od wielu innych osób.
report-lost = Twoje zgłoszenie nie zostało policzone.
report-foreign = Wysłano je z innej strony. Prosimy wysłać je z tej.
report-unclear = Nie wskazuje niczego, co jest na tej stronie. Prosimy wybrać ponownie.
report-unnoted = Nie udało się go zapisać. Prosimy spróbować ponownie za minutę.
not-found = Nie znaleziono strony.
not-found-text = Adres może być błędny albo strona została usunięta.
failed = Nie można wyświetlić tej strony.
failed-text = Błąd został zapisany. Strona statusu może nadal działać.

## Liczby, czas i listy

number-group = { "\u00A0" }
number-point = ,
percent = { $number }%
row = { $first } i { $last }
row-comma = ,{ " " }
unit-s = { $n }{ "\u00A0" }s
unit-min = { $n }{ "\u00A0" }min
unit-h = { $n }{ "\u00A0" }godz.
unit-d = { $n ->
    [one] { $n } dzień
   *[other] { $n } dni
}
span = { $first } { $second }
day = { $day } { $number ->
    [1] stycznia
    [2] lutego
    [3] marca
    [4] kwietnia
    [5] maja
    [6] czerwca
    [7] lipca
    [8] sierpnia
    [9] września
    [10] października
    [11] listopada
   *[12] grudnia
}
day-and-year = { $day } { $number ->
    [1] stycznia
    [2] lutego
    [3] marca
    [4] kwietnia
    [5] maja
    [6] czerwca
    [7] lipca
    [8] sierpnia
    [9] września
    [10] października
    [11] listopada
   *[12] grudnia
} { $year }
day-and-clock = { $day }, { $clock }
weekday-and-day = { $weekday }, { $day }
month-and-year = { $month } { $year }
days = { $from } – { $to }
days-of-month = { $first }–{ $to }
weekday-1 = poniedziałek
weekday-2 = wtorek
weekday-3 = środa
weekday-4 = czwartek
weekday-5 = piątek
weekday-6 = sobota
weekday-7 = niedziela
month-1 = styczeń
month-2 = luty
month-3 = marzec
month-4 = kwiecień
month-5 = maj
month-6 = czerwiec
month-7 = lipiec
month-8 = sierpień
month-9 = wrzesień
month-10 = październik
month-11 = listopad
month-12 = grudzień

## Figures

figures = Pomiary z ostatnich 24 godzin
figure-now = teraz { $value }, { $ago }
figure-unseen = brak danych od { $since }
figures-all = Pomiary
figure-table = Pokaż jako tabelę
figure-from = Od
figure-lowest = Minimum
figure-mean = Średnia
figure-highest = Maksimum
figure-none = Brak danych.
figure-spans = Zakresy czasu
figure-hour = Ostatnia godzina
figure-day = Ostatnie 24 godziny
figure-week = Ostatnie 7 dni
figure-30-days = Ostatnie 30 dni
figure-90-days = Ostatnie 90 dni
evidence = Pomiary
recorded-data = Zapisane dane

## What the page says of itself

honest-days = W ciągu ostatnich { $days } dni
honest-since = Od { $day }
honest-noticed = { $span } ta strona { $n ->
    [0] nie wykryła incydentów
    [one] wykryła jeden incydent
    [few] wykryła { $n } incydenty
   *[many] wykryła { $n } incydentów
}{ $delays }
honest-one = , w ciągu { $all } od pierwszych oznak
honest-all = , wszystkie w ciągu { $all } od pierwszych oznak
honest-half = , połowę w ciągu { $half } od pierwszych oznak, a wszystkie w ciągu { $all }
honest-false = { $n ->
    [one] jeden incydent zbyt wcześnie uznano za rozwiązany
    [few] { $n } incydenty zbyt wcześnie uznano za rozwiązane
   *[many] { $n } incydentów zbyt wcześnie uznano za rozwiązane
}
honest-withdrawn = { $n ->
    [one] jeden incydent wycofano
    [few] { $n } incydenty wycofano
   *[many] { $n } incydentów wycofano
}
honest-blind = danych nie było przez { $span }
honest-join = ;{ " " }
honest-end = .

## Co piszemy w incydentach. Tekst zdarzenia lub zgłoszenia stoi na końcu.

wrote-unseen = Od zmiany o { $at } nie było błędów, ale nie możemy jeszcze uznać incydentu za rozwiązany.
wrote-ongoing = Incydent trwa.
wrote-waiting = Nie możemy jeszcze uznać incydentu za rozwiązany.
wrote-cured = Od zmiany o { $at } znowu { $n ->
    [one] działa
   *[other] działają
}: { $names }.
wrote-again = Błąd występuje ponownie.
wrote-eased = Obniżono wagę, poprzednio „{ $severity }”: testy, które zawodziły, przechodzą od { $span }.
wrote-over = Działa od { $since }. Czas trwania incydentu: { $span }.
wrote-planned = Okno serwisowe: od { $from } do { $until }.
wrote-begun = Prace serwisowe się rozpoczęły.
wrote-begun-until = Prace serwisowe się rozpoczęły. Planowany koniec: { $until }.
wrote-extended = Harmonogram się zmienił. Nowy planowany koniec prac serwisowych: { $until }.
wrote-done = Prace serwisowe zakończono.
wrote-cancelled = Te prace serwisowe odwołano.
wrote-stopped = Te prace serwisowe zakończono przed czasem.
wrote-event = O { $at }: { $text }
wrote-first-report = pierwsze zgłoszenie użytkownika: { $text }
wrote-report = zgłoszenie użytkownika: { $text }
wrote-reopened = Problem powrócił.
wrote-withdrawn = To był fałszywy alarm: wszystko działało. Wycofaliśmy go.
wrote-published = Opublikowaliśmy, co się stało i czego się z tego nauczyliśmy.
our-systems = nasze systemy
less-than = mniej niż { $span }

## Co zauważono lub zgłoszono

seen-restarted = Uruchomiono ponownie: { $names }.
seen-restarted-again = { $more ->
    [one] Uruchomiono ponownie jeszcze raz: { $names }.
   *[other] Uruchomiono ponownie jeszcze { $more } razy: { $names }.
}
seen-flushed = Dane usunięto poleceniem: { $names }.
seen-flushed-again = { $more ->
    [one] Dane usunięto poleceniem jeszcze raz: { $names }.
   *[other] Dane usunięto poleceniem jeszcze { $more } razy: { $names }.
}
seen-collapsed = Zniknęła większość danych: { $names }.
seen-limit = Limit pamięci zmieniono z { $before } na { $after }: { $names }.
seen-limit-removed = Limit pamięci usunięto, poprzednio wynosił { $before }: { $names }.
seen-limit-set = Ustawiono limit pamięci { $after }, poprzednio go nie było: { $names }.
seen-a-store = magazyn danych
seen-store = magazyn danych
seen-process = proces usługi
row-others = { $names } i jeszcze { $n }
provider-reports = { $name } zgłasza: { $text }
reports-fails = { $name }: nie działa
reports-something = coś nie działa

## Analizy po incydentach

mortem-background = Tło
mortem-problem = Problem
mortem-solution = Rozwiązanie
mortem-timeline = Przebieg zdarzeń
mortem-continued = Przebieg zdarzeń (ciąg dalszy)
mortem-future = Dalsze działania
mortem-unwritten = Nasz zespół jeszcze nie napisał tej części.
record-update = { $word }: { $text }
record-first = Pierwszy błędny pomiar
record-end = Pierwszy prawidłowy pomiar po incydencie
record-first-report = Pierwsze zgłoszenie użytkownika: { $text }
record-report = Zgłoszenie użytkownika: { $text }
record-release = Wydanie: { $text }
record-restart = Ponowne uruchomienie: { $text }
record-flush = Usunięcie danych: { $text }
record-limit = Zmiana limitu: { $text }
record-provider = Zgłoszenie dostawcy: { $text }
record-what = Co się stało
record-more = jeszcze { $n }
record-noticed = Incydent zapisano { $span } po pierwszym błędnym pomiarze.
record-resolved = Uznano go za rozwiązany { $span } po pierwszym prawidłowym pomiarze.
worst-metric = Wskaźnik
worst-value = Najgorsza wartość
worst-when = Kiedy
worst-threshold = Próg
worst-above = powyżej { $value }
worst-below = poniżej { $value }
worst-off = inna niż { $value }
picture-title = { $title }, według pomiarów
picture-threshold = próg

chart-range = { $from } – { $until }
chart-values = Wartości mieszczą się między { $low } a { $high }; najwyższa o { $at }.
chart-empty = Brak danych.
chart-shades = Zacienione incydenty: { $n }.
chart-shaded = Zacienione: { $label }, { $from } – { $until }.
chart-shaded-since = Zacienione: { $label }, od { $from }.
chart-gaps = Są przerwy bez danych.
chart-limit = limit
chart-warning = ostrzeżenie

## Messages of notifiers

notify-headline = { $word }: { $title }
notify-down = Awaria
notify-disrupted = Zakłócenia
notify-notice = Komunikat
notify-down-again = Ponowna awaria
notify-disrupted-again = Ponowne zakłócenia
notify-notice-again = Ponowny komunikat
notify-down-still = Awaria trwa
notify-disrupted-still = Zakłócenia trwają
notify-notice-still = Nadal aktualne
notify-missed = Skończyło się, zanim zdążyliśmy powiadomić
notify-withdrawn = Wycofano
notify-announced = Planowane prace serwisowe
notify-upcoming = Prace serwisowe wkrótce
notify-rescheduled = Zmiana terminu prac serwisowych
notify-begun = Prace serwisowe się rozpoczęły
notify-extended = Prace serwisowe potrwają dłużej
notify-completed = Prace serwisowe zakończone
notify-cancelled = Prace serwisowe odwołane
notify-operators = Dla operatorów
notify-settled = Załatwione
notify-affected = Dotyczy
notify-started = Początek
notify-ended = Koniec
notify-from = Od
notify-until = Do
notify-earlier = Wcześniej
notify-test = Test
notify-test-title = prosimy zignorować tę wiadomość
notify-test-text = Test odbiorcy { $name }. Nic się nie stało.

## E-maile

mail-earlier = Wcześniejsze aktualizacje
mail-details = Zobacz szczegóły
mail-digest-subject = { $site }: { $n ->
    [one] { $n } aktualizacja
    [few] { $n } aktualizacje
   *[other] { $n } aktualizacji
}
mail-digest-text = Kilka rzeczy wydarzyło się naraz, dlatego zebraliśmy je w jednej wiadomości.
mail-confirm-subject = Potwierdź subskrypcję: { $site }
mail-confirm-text = Potwierdź, że chcesz otrzymywać na ten adres aktualizacje o incydentach i pracach serwisowych. Strona: { $site }.
mail-confirm-button = Potwierdź subskrypcję
mail-confirm-ignore = Jeśli to nie Twoja prośba, zignoruj tę wiadomość. Nie wyślemy żadnej innej.
mail-link-until = Link jest ważny do { $until }.
mail-manage-subject = Twoja subskrypcja: { $site }
mail-manage-text = Wybierz, jakie wiadomości chcesz otrzymywać, lub zrezygnuj z subskrypcji. Strona: { $site }.
mail-manage-button = Zarządzaj subskrypcją
mail-report-subject = { $site }: dostępność od { $from } do { $until }
mail-report-none = Nie było żadnych incydentów.
mail-why-subscriber = Otrzymujesz tę wiadomość, ponieważ subskrybujesz aktualizacje strony { $site }.
mail-why-fixed = Otrzymujesz tę wiadomość, ponieważ ten adres jest ustawiony jako odbiorca dla strony { $site }.
mail-unsubscribe = Zrezygnuj z subskrypcji
