# What the page says. Every language has a file with the same messages and the
# same slots; tests compare them. No HTML: slots may hold it, messages may not.

## States

state-ok = fine
state-maintenance = maintenance
state-unknown = not seen
state-notice = notice
state-disrupted = disrupted
state-down = down

phase-investigating = Investigating
phase-identified = Identified
phase-monitoring = Monitoring
phase-resolved = Resolved
phase-update = Update
phase-event = Event
phase-scheduled = Scheduled
phase-in-progress = In progress
phase-completed = Completed
phase-cancelled = Cancelled

stage-scheduled = planned
stage-in-progress = in progress
stage-overdue = overdue
stage-completed = completed
stage-cancelled = cancelled

word-post = note
word-resolved = resolved

author-rule = noticed by a rule
author-person = written by a person

## The banner

banner-fine = Everything works.
banner-notice = Everything works; please read the note below.
banner-blind = We cannot see our systems since { $since }.
banner-blind-more = What you read here may be out of date.
banner-maintenance = Planned maintenance until { $until }.
banner-maintenance-open = Planned maintenance is going on.
banner-watched = Working again since { $since }.
banner-watched-more = We watch it until { $until } before we call it over.

unwell-maintenance = Planned maintenance is going on.
unwell-many-maintenance = Planned maintenance is going on.
unwell-unknown = We cannot see how { $names } { $n ->
    [one] is
   *[other] are
} doing.
unwell-many-unknown = We cannot see { $n } parts.
unwell-notice = Everything works; there is something to know of { $names }.
unwell-many-notice = Everything works; there is something to know of { $n } parts.
unwell-disrupted = { $names } { $n ->
    [one] is
   *[other] are
} disrupted.
unwell-many-disrupted = { $n } parts are disrupted.
unwell-down = { $names } { $n ->
    [one] is
   *[other] are
} down.
unwell-many-down = { $n } parts are down.

lasting = for { $span }
started = Started { $since }.
one-affected = { $name } is affected.
some-affected = { $n } parts are affected.
next-word = Next update by { $until }.
more-open = { $n ->
    [one] One more incident is open.
   *[other] { $n } more incidents are open.
}
measured-at = Measured at { $clock }.
measured-ago = Measured { $span } ago.

impact-wait = { $count } { $what } are waiting, the oldest for { $wait } instead of { $usual }.
impact-count = { $count } { $what } are waiting.
impact-growing = It is getting worse: about { $count } more each minute.
impact-falling = It is getting better: about { $span } to go.
impact-falling-slowly = It is getting better, but slowly.
impact-still = It is neither getting better nor worse.
between-sentences = { " " }

waits = Before we call it over
wait-failing = { $names } must work again.
wait-unseen = We must be able to see { $names }.
wait-backlog = { $count } { $what } must be worked off.
wait-capacity = Our systems could be asked for more than they can give. That must be settled first.
wait-changed = Something was changed at { $since }, so we watch from then on.
wait-hold = All is well, and must stay so until { $until }.
wait-hold-open = All is well, and must stay so for a while.
wait-person = A person decides when it is over.

## The first page

open-incidents = Open incidents
announcements = Announcements
components = Components
all-updates = All updates
report-ask = Does something fail for you that is not listed here?
reported = Reported by providers
reported-more = What others say of themselves. It need not be the cause of anything here.
past = The last days
nothing = Nothing to report
before = Before that
all-incidents = All incidents
and-more = { $n ->
    [one] One more
   *[other] { $n } more
}
until = until { $until }

## Days

days-label = { $days ->
    [one] 1 day
   *[other] { $days } days
} seen: up for { $share } of the time seen
days-hint = Arrow keys move from day to day.
share-of = { $share } of { $span }
apart-unseen = { $span } not seen
apart-maintenance = { $span } maintenance
day-early = not measured yet
day-unseen = not seen
day-fine = fine
day-down = down for { $span }
day-disrupted = disrupted for { $span }
day-maintenance = maintenance for { $span }
day-partly-unseen = not seen for { $span }
legend = Each bar is a day, today on the right. What was lost is cut from its top. Shares are of the last 90 days.

## Pages

skip = Skip to the content
status-suffix = { " " }status
nav-pages = Pages
nav-more = More pages
nav-status = Status
nav-history = History
nav-maintenance = Maintenance
nav-subscribe = Subscribe
nav-report = Report a problem
zone = Times are in { $zone }.
theme-light = Light colours
theme-dark = Dark colours
live-changed = The page has changed:
page-stale = This page has not been refreshed since { "{}" }. What you read may be out of date.
to-status = To the status

began = Began
over = Over
planned-until = Planned until
duration = Duration
lasted = lasted { $span }
severity = Severity
affected = Affected
timeline = Timeline
neighbours = Other incidents
older = Older
newer = Newer

days-heading = The last 90 days
days-table = The days as a table
days-table-day = Day
days-table-what = State
uptime = Uptime
uptime-span = Time
uptime-share = Up
uptime-more = The share is that of the time seen. Time not seen and maintenance are not part of it.
span-day = 24 hours
span-week = 7 days
span-month = 30 days
span-quarter = 90 days
span-year = 365 days
incidents-heading = Incidents
none-written = Nothing has been written down yet.
visit = Open it
follow = Follow it
badge = Badge

history = History
undated = Undated
search = Search
search-words = Words
search-component = Component
search-any = any
search-all = Show all
found = { $n ->
    [0] Nothing found.
    [one] One incident found.
   *[other] { $n } incidents found.
}
cut = The newest { $n } are shown. Choose a month, or search.
years = By year and month
incidents = { $n ->
    [one] one incident
   *[other] { $n } incidents
}

works-open = Going on and planned
works-none = No maintenance is planned.
works-done = Done
works-calendar = Add the calendar of planned maintenance
from-until = { $from } to { $until }
from = From { $from }
ahead = in { $span }

subscribe-title = Be told
subscribe-text = Choose how you want to hear when something happens. No account is needed.
way-feed = Feed
way-feed-text = For feed readers and chats: every incident with every update.
way-calendar = Calendar
way-calendar-text = Planned maintenance in your calendar.
way-programs = Programs
way-programs-text = The same as JSON, with its description.
way-parts = Single components
way-parts-text = A feed for each.
way-embed = On your own site
way-embed-text = One line shows the state in the head of your pages.

report-title = Report a problem
report-text = One press is enough. It helps us to notice sooner.
report-known = We know of this already:
report-what = What fails?
report-unknown = I cannot say
report-send = It fails for me
report-privacy = We count reports. We do not keep who sent them.
report-taken = Thank you.
report-taken-text = Your report was counted. You find what we know on the status page.
report-refused = Thank you, that is enough for now.
report-refused-text = Many reports came in within a short time. We have noticed.
report-lost = Your report was not counted.
report-foreign = A page of another site sent it. Please send it from this one.
report-unclear = It names nothing that is on this page. Please choose again.
report-unnoted = We could not note it just now. Please try again in a minute.

not-found = There is no such page.
not-found-text = The address may be misspelt, or the page was removed.
failed = This page cannot be shown.
failed-text = We are told of it. The first page may work.

## Figures

figures = Figures of the last day
figure-now = now { $value }
figure-table = As a table
figure-from = From
figure-lowest = Lowest
figure-mean = Mean
figure-highest = Highest
figure-none = Nothing was measured.
figure-spans = Spans
figure-hour = Last hour
figure-day = Last day
figure-week = Last week
figure-30-days = Last 30 days
figure-90-days = Last 90 days
evidence = What was measured

## What the page says of itself

honest-days = In the last { $days } days
honest-since = Since { $day }
honest-noticed = { $span } this page noticed { $n ->
    [0] no incident
    [one] one incident
   *[other] { $n } incidents
}{ $delays }
honest-one = , within { $all } of its first sign
honest-all = , all of them within { $all } of their first sign
honest-half = , half of them within { $half } of their first sign and all within { $all }
honest-false = { $n ->
    [one] one all-clear came too early
   *[other] { $n } all-clears came too early
}
honest-withdrawn = { $n ->
    [one] one was withdrawn
   *[other] { $n } were withdrawn
}
honest-blind = it could not see for { $span }
honest-join = ;{ " " }
honest-end = .

## Numbers, times and lists

number-group = ,
number-point = .
percent = { $number } %
row = { $first } and { $last }
row-comma = ,{ " " }
unit-s = { $n } s
unit-min = { $n } min
unit-h = { $n } h
unit-d = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
span = { $first } { $second }
day = { $day } { $month }
day-and-year = { $day } { $month } { $year }
day-and-clock = { $day }, { $clock }
weekday-and-day = { $weekday } { $day }
month-and-year = { $month } { $year }
days = { $from } to { $to }
days-of-month = { $first } to { $to }
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
