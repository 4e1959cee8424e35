# Що каже сторінка, українською.

## Стани

state-ok = працює
state-unmeasured = інцидентів не зафіксовано
state-maintenance = технічні роботи
state-unknown = немає даних
state-notice = повідомлення
state-disrupted = перебої
state-down = не працює
phase-investigating = З’ясовуємо причину
phase-identified = Причину встановлено
phase-monitoring = Спостерігаємо
phase-resolved = Вирішено
phase-update = Оновлення
phase-event = Подія
phase-scheduled = Заплановано
phase-in-progress = Триває
phase-completed = Завершено
phase-cancelled = Скасовано
phase-post-mortem = Аналіз інциденту
stage-scheduled = заплановано
stage-in-progress = триває
stage-overdue = триває довше, ніж заплановано
stage-completed = завершено
stage-cancelled = скасовано
word-post = оголошення
word-resolved = вирішено
word-withdrawn = відкликано
author-rule = опубліковано автоматично
author-person = опублікувала наша команда
author-named = автор: { $name }

## Заголовок першої сторінки

banner-fine = Усі системи працюють.
banner-notice = Усі системи працюють. Прочитайте, будь ласка, повідомлення нижче.
banner-unmeasured = Інцидентів не зафіксовано.
banner-unmeasured-notice = Прочитайте, будь ласка, повідомлення нижче.
banner-empty = Поки що нічого не відстежується.
banner-blind = Немає даних від наших систем з { $since }.
banner-blind-more = Інформація на цій сторінці може бути застарілою.
banner-maintenance = Планові технічні роботи до { $until }.
banner-maintenance-open = Тривають планові технічні роботи.
banner-watched = Знову працює з { $since }.
banner-watched-more = Ми спостерігаємо і вважатимемо інцидент вирішеним приблизно о { $until }, якщо все залишиться стабільним.
banner-watched-held = Ми не вважатимемо інцидент вирішеним раніше ніж о { $until }.
unwell-maintenance = Тривають планові технічні роботи.
unwell-many-maintenance = Тривають планові технічні роботи.
unwell-unknown = Немає даних: { $names }.
unwell-many-unknown = { $n ->
    [one] Немає даних про { $n } компонент.
    [few] Немає даних про { $n } компоненти.
   *[many] Немає даних про { $n } компонентів.
}
unwell-notice = Усі системи працюють. Повідомлення стосується: { $names }.
unwell-many-notice = { $n ->
    [one] Усі системи працюють. Повідомлення стосуються { $n } компонента.
   *[many] Усі системи працюють. Повідомлення стосуються { $n } компонентів.
}
unwell-disrupted = { $names }: перебої в роботі.
unwell-many-disrupted = { $n ->
    [one] Перебої в роботі { $n } компонента.
   *[many] Перебої в роботі { $n } компонентів.
}
unwell-down = { $names }: не працює.
unwell-many-down = { $n ->
    [one] Не працює { $n } компонент.
    [few] Не працюють { $n } компоненти.
   *[many] Не працюють { $n } компонентів.
}
lasting = триває { $span }
started = Початок: { $since }.
affects = Стосується: { $names }.
affects-more = Стосується: { $names } і { $n ->
    [one] ще { $n } компонента
   *[many] ще { $n } компонентів
}.
next-word = Наступне оновлення до { $until }.
more-open = { $n ->
    [one] Триває ще { $n } інцидент.
    [few] Тривають ще { $n } інциденти.
   *[many] Триває ще { $n } інцидентів.
}
resolved-ago = Вирішено { $span } тому:
post-mortem-ago = Аналіз інциденту опубліковано { $span } тому:
works-in = { $name } за { $span }
works-from-here = Звідси працює: { $names } (перевірено о { $clock }).
visitors-reported = Повідомлень від відвідувачів за останні 10 хвилин: { $count }.
measured-at = Остання перевірка о { $clock }.
measured-ago = Остання перевірка { $span } тому.
ago = { $span } тому
impact-wait = У черзі: { $count } ({ $what }). Найдовше очікування – { $wait }, зазвичай { $usual }.
impact-count = У черзі: { $count } ({ $what }).
impact-growing = Черга зростає приблизно на { $count } за хвилину.
impact-falling = Черга зменшується і має зникнути приблизно за { $span }.
impact-falling-slowly = Черга повільно зменшується.
impact-still = Черга не зростає і не зменшується.
between-sentences = { " " }
waits = Що має статися, перш ніж ми вважатимемо інцидент вирішеним
wait-failing = Має знову запрацювати: { $names }.
wait-unseen = Маємо знову отримувати дані: { $names }.
wait-backlog = Черга має зменшитися: { $count } ({ $what }).
wait-capacity = Треба усунути відомий ризик нестачі ресурсів.
wait-changed = Було внесено зміну ({ $since }), тому ми спостерігаємо заново.
wait-hold = Збоїв немає з { $since }. Спостерігаємо до { $until }.
wait-settling = Збоїв немає з { $since }. Так має бути й надалі.
wait-hold-open = Стан має деякий час залишатися стабільним.
wait-person = Наша команда має підтвердити, що інцидент вирішено.

## Перша сторінка

open-incidents = Поточні інциденти
announcements = Оголошення
components = Компоненти
all-updates = Усі оновлення
report-ask = Не працює щось, чого тут немає?
reported = Повідомляють наші постачальники
reported-more = Зі сторінок статусу наших постачальників. Це може бути не пов’язано.
past = Минулі інциденти
nothing = Інцидентів не зафіксовано
before = Раніше
all-incidents = Усі інциденти
and-more = Ще { $n }
until = до { $until }

## Дні

days-label = доступність { $share } за { $days ->
    [one] { $days } день
    [few] { $days } дні
   *[many] { $days } днів
} з даними
days-hint = Переходьте між днями клавішами зі стрілками.
share-of = { $share } за { $span }
since-today = сьогодні з { $clock }
since-day = з { $day }
gap-note = Наш моніторинг переривався. Немає даних: { $days }.
gap-days = { $days } ({ $span })
gap-more = { $n ->
    [one] ще { $n } раз раніше
    [few] ще { $n } рази раніше
   *[many] ще { $n } разів раніше
}
apart-unseen = без даних: { $span }
apart-maintenance = технічні роботи: { $span }
day-early = даних ще немає
day-unseen = немає даних
day-fine = працює
day-down = не працювало { $span }
day-disrupted = перебої: { $span }
day-maintenance = технічні роботи: { $span }
day-partly-unseen = немає даних: { $span }
legend = Кожна смужка – один день, сьогодні праворуч. Втрачений час відрізано від верху смужки.

## Сторінки

skip = Перейти до вмісту
status-suffix = { " " }– статус
nav-pages = Сторінки
nav-more = Інші сторінки
nav-status = Статус
nav-history = Історія
nav-maintenance = Технічні роботи
nav-subscribe = Підписатися
nav-report = Повідомити про проблему
zone = Увесь час указано за { $zone }.
theme-light = Світла тема
theme-dark = Темна тема
live-changed = Новий статус:
page-stale = Ця сторінка не оновлювалася з { "{}" }. Інформація може бути застарілою.

# What the team decided about checks of a component that fail.
silenced-until = Наша команда вимкнула сповіщення про цей компонент до { $until }.
silenced-overruled = Наша команда вирішила не зважати на перевірку, яка досі не проходить.
to-status = Поточний статус
began = Початок
over = Кінець
planned-until = Запланований кінець
duration = Тривалість
lasted-for = Тривалість
lasting-span = { $span }
flaps = { $n ->
    [one] Відновлення і новий збій: { $n } раз
    [few] Відновлення і новий збій: { $n } рази
   *[many] Відновлення і новий збій: { $n } разів
}
lasted = тривалість { $span }
severity = Серйозність
affected = Стосується
timeline = Перебіг подій
neighbours = Інші інциденти
older = Попередній
newer = Наступний
days-heading = Останні 90 днів
days-heading-month = Останні 30 днів
days-table = День за днем
days-table-day = День
days-table-what = Стан
uptime = Доступність
uptime-span = Період
uptime-share = Доступність
uptime-more = Доступність рахуємо за часом, про який є дані. Час без даних і технічні роботи не враховуються.
span-day = 24 години
span-week = 7 днів
span-month = 30 днів
span-quarter = 90 днів
span-year = 365 днів
incidents-heading = Інциденти
none-written = Інцидентів ще не зафіксовано.
visit = Відкрити
follow = Стежити за цим компонентом
badge = Значок
history = Історія
undated = Без дати
search = Шукати
search-words = Ключові слова
search-component = Компонент
search-any = усі
search-all = Показати все
found = { $n ->
    [0] Нічого не знайдено.
    [one] { $n } результат.
    [few] { $n } результати.
   *[many] { $n } результатів.
}
cut = Показано найновіших: { $n }. Щоб побачити більше, виберіть місяць або скористайтеся пошуком.
years = За роками й місяцями
incidents = { $n ->
    [one] { $n } інцидент
    [few] { $n } інциденти
   *[many] { $n } інцидентів
}
works-open = Поточні й заплановані
works-none = Технічних робіт не заплановано.
works-done = Завершені
works-calendar = Додати планові технічні роботи до календаря
from-until = з { $from } до { $until }
from = З { $from }
ahead = через { $span }
subscribe-title = Підписка на оновлення
subscribe-text = Виберіть, як дізнаватися про інциденти й технічні роботи. Обліковий запис не потрібен.
way-feed = Стрічка RSS і Atom
way-feed-text = Кожен інцидент з усіма оновленнями, для програм читання стрічок і чатів.
way-calendar = Календар
way-calendar-text = Планові технічні роботи у вашому календарі.
way-programs = API
way-programs-text = Та сама інформація у форматі JSON, з документацією.
way-parts = Окремі компоненти
way-parts-text = Окрема стрічка для кожного компонента.
way-embed = На вашому сайті
way-embed-text = Один рядок коду показує наш статус угорі ваших сторінок.

language-name = Українська
subscribe-mail = Електронною поштою
subscribe-mail-text = Спершу ми надішлемо посилання. Більше нічого не надійде, доки ви його не відкриєте й не підтвердите.
subscribe-address = Ваша електронна адреса
subscribe-options = Вибрати, що отримувати
subscribe-kinds = Що надсилати
subscribe-incidents = Інциденти
subscribe-maintenance = Планові технічні роботи
subscribe-report = Звіт про доступність
subscribe-report-none = Не надсилати
subscribe-report-weekly = Щотижня
subscribe-report-monthly = Щомісяця
subscribe-components = Компоненти
subscribe-components-text = Якщо не вибрати жодного, ви дізнаватиметеся про всі.
subscribe-language = Мова листів
subscribe-privacy = Ми використовуємо вашу адресу лише для цих листів. У кожному листі є посилання для відписки, після якої ми видаляємо адресу.
subscribe-asked = Перевірте свою пошту.
subscribe-asked-text = Якщо ця адреса може отримувати наші листи, посилання вже в дорозі. Воно діє 48 годин. Якщо за кілька хвилин нічого не надійде, перевірте теку зі спамом або спробуйте пізніше.
subscribe-refused = Форму не прийнято.
subscribe-no-address = Ми не можемо використати цю електронну адресу. Перевірте її, будь ласка.
subscribe-nothing = Ви нічого не вибрали, тож ми нічого не надсилали б. Виберіть щось або відпишіться.
subscribe-confirm = Підтвердити підписку?
subscribe-confirm-text = Ми надсилаємо листи лише після підтвердження. Якщо ви цього не просили, закрийте цю сторінку, і нічого не буде надіслано.
subscribe-confirm-send = Підтвердити підписку
subscribe-done = Ви підписані.
subscribe-manage = Ваша підписка
subscribe-manage-text = Її можна змінити тут будь-коли. У кожному листі є посилання на цю сторінку.
subscribe-save = Зберегти
subscribe-saved = Зміни збережено.
subscribe-leave = Відписатися від усіх листів?
subscribe-leave-text = Ми видалимо вашу адресу й більше нічого не надсилатимемо.
subscribe-leave-send = Відписатися
subscribe-left = Ви відписалися.
subscribe-left-text = Вашу адресу видалено, і ви більше не отримуватимете наших листів.
subscribe-unknown = Це посилання більше не діє.
subscribe-unknown-text = Можливо, воно неповне або його строк минув. Введіть адресу ще раз, щоб отримати нове.
report-title = Повідомити про проблему
report-text = Достатньо одного натискання. Ваше повідомлення допомагає нам швидше помічати проблеми.
report-known = Про це ми вже знаємо:
report-what = Що не працює?
report-unknown = Не знаю
report-send = У мене не працює
report-privacy = Ми рахуємо повідомлення. Ми не зберігаємо, хто їх надіслав.
report-taken = Дякуємо.
report-taken-text = Ми врахували ваше повідомлення. На сторінці статусу є те, що нам відомо.
report-refused = Дякуємо. Зараз у нас достатньо повідомлень.
report-refused-text = Ми вже маємо недавні повідомлення з вашої мережі або від багатьох інших відвідувачів.
report-lost = Ваше повідомлення не враховано.
report-foreign = Його надіслано з іншого сайту. Надішліть його, будь ласка, з цього.
report-unclear = У ньому не вказано нічого з цієї сторінки. Виберіть, будь ласка, ще раз.
report-unnoted = Не вдалося його зберегти. Спробуйте, будь ласка, за хвилину.
not-found = Сторінку не знайдено.
not-found-text = Можливо, адреса неправильна або сторінку видалено.
failed = Не вдалося показати цю сторінку.
failed-text = Помилку записано. Сторінка статусу, можливо, досі працює.

## Числа, час і списки

number-group = { "\u00A0" }
number-point = ,
percent = { $number }{ "\u00A0" }%
row = { $first } і { $last }
row-comma = ,{ " " }
unit-s = { $n }{ "\u00A0" }с
unit-min = { $n }{ "\u00A0" }хв
unit-h = { $n }{ "\u00A0" }год
unit-d = { $n ->
    [one] { $n } день
    [few] { $n } дні
   *[many] { $n } днів
}
span = { $first } { $second }
day = { $day } { $number ->
    [1] січня
    [2] лютого
    [3] березня
    [4] квітня
    [5] травня
    [6] червня
    [7] липня
    [8] серпня
    [9] вересня
    [10] жовтня
    [11] листопада
   *[12] грудня
}
day-and-year = { $day } { $number ->
    [1] січня
    [2] лютого
    [3] березня
    [4] квітня
    [5] травня
    [6] червня
    [7] липня
    [8] серпня
    [9] вересня
    [10] жовтня
    [11] листопада
   *[12] грудня
} { $year }{ "\u00A0" }р.
day-and-clock = { $day }, { $clock }
weekday-and-day = { $weekday }, { $day }
month-and-year = { $month } { $year }{ "\u00A0" }р.
days = { $from } – { $to }
days-of-month = { $first }–{ $to }
weekday-1 = понеділок
weekday-2 = вівторок
weekday-3 = середа
weekday-4 = четвер
weekday-5 = п’ятниця
weekday-6 = субота
weekday-7 = неділя
month-1 = січень
month-2 = лютий
month-3 = березень
month-4 = квітень
month-5 = травень
month-6 = червень
month-7 = липень
month-8 = серпень
month-9 = вересень
month-10 = жовтень
month-11 = листопад
month-12 = грудень

## Figures

figures = Показники за останні 24 години
figure-now = зараз { $value }, { $ago }
figure-unseen = немає даних з { $since }
figures-all = Показники
figure-table = Показати таблицею
figure-from = З
figure-lowest = Мінімум
figure-mean = Середнє
figure-highest = Максимум
figure-none = Немає даних.
figure-spans = Проміжки часу
figure-hour = Остання година
figure-day = Останні 24 години
figure-week = Останні 7 днів
figure-30-days = Останні 30 днів
figure-90-days = Останні 90 днів
evidence = Вимірювання
recorded-data = Записані дані

## What the page says of itself

honest-days = За останні { $days } днів
honest-since = З { $day }
honest-noticed = { $span } ця сторінка { $n ->
    [0] не виявила інцидентів
    [one] виявила { $n } інцидент
    [few] виявила { $n } інциденти
   *[many] виявила { $n } інцидентів
}{ $delays }
honest-one = , не пізніше ніж за { $all } після перших ознак
honest-all = , усі не пізніше ніж за { $all } після перших ознак
honest-half = , половину не пізніше ніж за { $half } після перших ознак, а всі – за { $all }
honest-false = { $n ->
    [one] { $n } інцидент зарано визнано вирішеним
    [few] { $n } інциденти зарано визнано вирішеними
   *[many] { $n } інцидентів зарано визнано вирішеними
}
honest-withdrawn = { $n ->
    [one] { $n } інцидент відкликано
    [few] { $n } інциденти відкликано
   *[many] { $n } інцидентів відкликано
}
honest-blind = даних не було { $span }
honest-join = ;{ " " }
honest-end = .

## Що ми пишемо в інцидентах. Текст події або повідомлення стоїть наприкінці.

wrote-unseen = Після зміни о { $at } збоїв не було, але ми ще не можемо вважати інцидент вирішеним.
wrote-ongoing = Інцидент триває.
wrote-waiting = Ми ще не можемо вважати інцидент вирішеним.
wrote-cured = Після зміни о { $at } знову { $n ->
    [one] працює
   *[other] працюють
}: { $names }.
wrote-again = Збій повторюється.
wrote-eased = Серйозність знижено, раніше було «{ $severity }»: перевірки, що не проходили, успішні вже { $span }.
wrote-over = Працює з { $since }. Тривалість інциденту: { $span }.
wrote-planned = Вікно технічних робіт: з { $from } до { $until }.
wrote-begun = Технічні роботи розпочато.
wrote-begun-until = Технічні роботи розпочато. Запланований кінець: { $until }.
wrote-extended = Розклад змінено. Новий запланований кінець технічних робіт: { $until }.
wrote-done = Технічні роботи завершено.
wrote-cancelled = Ці технічні роботи скасовано.
wrote-stopped = Ці технічні роботи завершено достроково.
wrote-event = О { $at }: { $text }
wrote-first-report = перше повідомлення користувача: { $text }
wrote-report = повідомлення користувача: { $text }
wrote-reopened = Проблема повернулася.
wrote-withdrawn = Це була хибна тривога: усе працювало. Ми її відкликали.
wrote-published = Ми опублікували, що сталося і чого це нас навчило.
our-systems = наші системи
less-than = менше ніж { $span }

## Що помічено або повідомлено

seen-restarted = Перезапущено: { $names }.
seen-restarted-again = { $more ->
    [one] Перезапущено ще { $more } раз: { $names }.
    [few] Перезапущено ще { $more } рази: { $names }.
   *[many] Перезапущено ще { $more } разів: { $names }.
}
seen-flushed = Дані видалено командою: { $names }.
seen-flushed-again = { $more ->
    [one] Дані видалено командою ще { $more } раз: { $names }.
    [few] Дані видалено командою ще { $more } рази: { $names }.
   *[many] Дані видалено командою ще { $more } разів: { $names }.
}
seen-collapsed = Зникла більшість даних: { $names }.
seen-limit = Обмеження пам’яті змінено з { $before } на { $after }: { $names }.
seen-limit-removed = Обмеження пам’яті знято, раніше було { $before }: { $names }.
seen-limit-set = Установлено обмеження пам’яті { $after }, раніше його не було: { $names }.
seen-a-store = сховище даних
seen-store = сховище даних
seen-process = процес сервісу
row-others = { $names } і ще { $n }
provider-reports = { $name } повідомляє: { $text }
reports-fails = { $name }: не працює
reports-something = щось не працює

## Аналізи інцидентів

mortem-background = Передумови
mortem-problem = Проблема
mortem-solution = Вирішення
mortem-timeline = Хронологія
mortem-continued = Хронологія (продовження)
mortem-future = Подальші заходи
mortem-unwritten = Наша команда ще не написала цей розділ.
record-update = { $word }: { $text }
record-first = Перше вимірювання зі збоєм
record-end = Перше успішне вимірювання після інциденту
record-first-report = Перше повідомлення користувача: { $text }
record-report = Повідомлення користувача: { $text }
record-release = Випуск: { $text }
record-restart = Перезапуск: { $text }
record-flush = Видалення даних: { $text }
record-limit = Обмеження змінено: { $text }
record-provider = Повідомлення постачальника: { $text }
record-what = Що сталося
record-more = ще { $n }
record-noticed = Інцидент зафіксовано через { $span } після першого вимірювання зі збоєм.
record-resolved = Його визнано вирішеним через { $span } після першого успішного вимірювання.
worst-metric = Показник
worst-value = Найгірше значення
worst-when = Коли
worst-threshold = Поріг
worst-above = понад { $value }
worst-below = нижче { $value }
worst-off = не { $value }
picture-title = { $title }, за вимірюваннями
picture-threshold = поріг

chart-range = { $from } – { $until }
chart-values = Значення від { $low } до { $high }; найвище о { $at }.
chart-empty = Немає даних.
chart-shades = Затінені інциденти: { $n }.
chart-shaded = Затінено: { $label }, { $from } – { $until }.
chart-shaded-since = Затінено: { $label }, з { $from }.
chart-gaps = Є проміжки без даних.
chart-limit = межа
chart-warning = попередження

## Messages of notifiers

notify-headline = { $word }: { $title }
notify-down = Не працює
notify-disrupted = Перебої
notify-notice = Повідомлення
notify-down-again = Знову не працює
notify-disrupted-again = Знову перебої
notify-notice-again = Знову повідомлення
notify-down-still = Досі не працює
notify-disrupted-still = Перебої тривають
notify-notice-still = Досі триває
notify-missed = Минуло раніше, ніж ми встигли повідомити
notify-withdrawn = Відкликано
notify-announced = Планові технічні роботи
notify-upcoming = Скоро технічні роботи
notify-rescheduled = Технічні роботи перенесено
notify-begun = Технічні роботи почалися
notify-extended = Технічні роботи затягуються
notify-completed = Технічні роботи завершено
notify-cancelled = Технічні роботи скасовано
notify-operators = Для операторів
notify-settled = Улагоджено
notify-affected = Стосується
notify-started = Початок
notify-ended = Кінець
notify-from = Від
notify-until = До
notify-earlier = Раніше
notify-test = Перевірка
notify-test-title = не зважайте на це повідомлення
notify-test-text = Перевірка одержувача { $name }. Нічого не сталося.

## Листи

mail-earlier = Попередні оновлення
mail-details = Докладніше
mail-digest-subject = { $site }: { $n ->
    [one] { $n } оновлення
    [few] { $n } оновлення
   *[other] { $n } оновлень
}
mail-digest-text = Одночасно сталося кілька подій, тож ми зібрали їх в одному листі.
mail-confirm-subject = Підтвердьте підписку на { $site }
mail-confirm-text = Підтвердьте, що хочете отримувати на цю адресу оновлення про інциденти й технічні роботи { $site }.
mail-confirm-button = Підтвердити підписку
mail-confirm-ignore = Якщо ви цього не запитували, не зважайте на цей лист. Більше ми вам не писатимемо.
mail-link-until = Посилання дійсне до { $until }.
mail-manage-subject = Ваша підписка на { $site }
mail-manage-text = Виберіть, про що ви хочете дізнаватися від { $site }, або скасуйте підписку.
mail-manage-button = Керувати підпискою
mail-report-subject = { $site }: доступність із { $from } до { $until }
mail-report-none = Інцидентів не було.
mail-why-subscriber = Ви отримали цей лист, бо підписалися на оновлення { $site }.
mail-why-fixed = Ви отримали цей лист, бо цю адресу вказано як одержувача для { $site }.
mail-unsubscribe = Скасувати підписку
