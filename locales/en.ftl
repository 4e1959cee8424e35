# What the page says. Every language has a file with the same messages and the
# same slots; tests compare them. No HTML: slots may hold it, messages may not.

## States

state-ok = operational
state-unmeasured = no incidents reported
state-maintenance = maintenance
state-unknown = no data
state-notice = notice
state-disrupted = degraded
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
phase-post-mortem = Post-mortem

stage-scheduled = scheduled
stage-in-progress = in progress
stage-overdue = overdue
stage-completed = completed
stage-cancelled = cancelled

word-post = announcement
word-resolved = resolved
word-withdrawn = withdrawn

author-rule = posted automatically
author-person = posted by our team
author-named = posted by { $name }

## The banner

banner-fine = All systems are operational.
banner-notice = All systems are operational. Please read the notice below.
banner-unmeasured = No incidents reported.
banner-unmeasured-notice = Please read the notice below.
banner-empty = Nothing is monitored yet.
banner-blind = No data from our systems since { $since }.
banner-blind-more = The information on this page may be out of date.
banner-maintenance = Scheduled maintenance until { $until }.
banner-maintenance-open = Scheduled maintenance is in progress.
banner-watched = Working again since { $since }.
banner-watched-more = We are monitoring and will mark this resolved at about { $until } if it stays healthy.
banner-watched-held = We will not mark this resolved before { $until }.

unwell-maintenance = Scheduled maintenance is in progress.
unwell-many-maintenance = Scheduled maintenance is in progress.
unwell-unknown = We have no data for { $names }.
unwell-many-unknown = We have no data for { $n } components.
unwell-notice = All systems are operational. There is a notice about { $names }.
unwell-many-notice = All systems are operational. There are notices about { $n } components.
unwell-disrupted = { $names } { $n ->
    [one] is
   *[other] are
} degraded.
unwell-many-disrupted = { $n } components are degraded.
unwell-down = { $names } { $n ->
    [one] is
   *[other] are
} down.
unwell-many-down = { $n } components are down.

lasting = for { $span }
started = Started { $since }.
affects = Affects { $names }.
affects-more = Affects { $names } and { $n } more.
next-word = Next update by { $until }.
more-open = { $n ->
    [one] One more incident is open.
   *[other] { $n } more incidents are open.
}
resolved-ago = Resolved { $span } ago:
post-mortem-ago = Post-mortem published { $span } ago:
works-in = { $name } in { $span }
works-from-here = Responding to our checks: { $names } (at { $clock }).
visitors-reported = { $count } visitors reported this in the last 10 minutes.
measured-at = Last checked at { $clock }.
measured-ago = Last checked { $span } ago.
ago = { $span } ago

impact-wait = { $n ->
    [one] { $count } of the { $what } is waiting, for { $wait } instead of the usual { $usual }.
   *[other] { $count } { $what } are waiting, the oldest for { $wait } instead of the usual { $usual }.
}
impact-count = { $n ->
    [one] { $count } of the { $what } is waiting.
   *[other] { $count } { $what } are waiting.
}
impact-growing = The backlog is growing by about { $count } a minute.
impact-falling = The backlog is shrinking and should clear in about { $span }.
impact-falling-slowly = The backlog is shrinking slowly.
impact-still = The backlog is neither growing nor shrinking.
between-sentences = { " " }

waits = What must happen before we mark this resolved
wait-failing = { $names } must work again.
wait-unseen = We must receive data for { $names } again.
wait-backlog = { $n ->
    [one] The backlog of { $what } must be cleared: { $count } is left.
   *[other] The backlog of { $count } { $what } must shrink.
}
wait-capacity = A known capacity risk must be addressed.
wait-changed = A change was made at { $since }, so monitoring started again from there.
wait-hold = No failures since { $since }. We are monitoring until { $until }.
wait-settling = No failures since { $since }. It must stay that way.
wait-hold-open = It must stay healthy for a while.
wait-person = Our team must confirm that it is resolved.

## The first page

open-incidents = Open incidents
announcements = Announcements
components = Components
all-updates = All updates
report-ask = Is something broken that is not listed here?
reported = Reported by our providers
reported-more = From the status pages of our providers. It may be unrelated.
past = Past incidents
nothing = No incidents reported
before = Earlier
all-incidents = All incidents
and-more = { $n ->
    [one] One more
   *[other] { $n } more
}
until = until { $until }

## Days

days-label = { $share } uptime over { $days ->
    [one] 1 day
   *[other] the { $days } days
} with data
days-hint = Use the arrow keys to move between days.
share-of = { $share } over { $span }
since-today = since { $clock } today
since-day = since { $day }
gap-note = Our monitoring was interrupted. No data: { $days }.
gap-days = { $days } ({ $span })
gap-more = { $n } earlier { $n ->
    [one] time
   *[other] times
}
apart-unseen = { $span } without data
apart-maintenance = { $span } of maintenance
day-early = no data yet
day-unseen = no data
day-fine = operational
day-down = down for { $span }
day-disrupted = degraded for { $span }
day-maintenance = maintenance for { $span }
day-partly-unseen = no data for { $span }
legend = Each bar is one day, with today on the right. Lost time is cut from the top of the bar.

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
zone = All times are in { $zone }.
theme-light = Light theme
theme-dark = Dark theme
live-changed = Status update:
page-stale = This page has not been updated since { "{}" }. The information on it may be out of date.

# What the team decided about checks of a component that fail.
silenced-until = Our team has silenced its alerts until { $until }.
silenced-overruled = Our team has overruled a check that still fails.
to-status = Current status

began = Start
over = End
planned-until = Scheduled until
duration = Duration
lasted-for = Lasted
lasting-span = { $span }
flaps = Recovered and failed again { $n } times
lasted = lasted { $span }
severity = Severity
affected = Affected
timeline = Timeline
neighbours = Other incidents
older = Older
newer = Newer

days-heading = The last 90 days
days-heading-month = The last 30 days
days-table = Day by day
days-table-day = Day
days-table-what = State
uptime = Uptime
uptime-span = Period
uptime-share = Uptime
uptime-more = Uptime is measured over the time with data. Time without data and maintenance are not counted.
span-day = 24 hours
span-week = 7 days
span-month = 30 days
span-quarter = 90 days
span-year = 365 days
incidents-heading = Incidents
none-written = No incidents recorded yet.
visit = Visit
follow = Follow this component
badge = Badge

history = History
undated = No date
search = Search
search-words = Keywords
search-component = Component
search-any = any
search-all = Show all
found = { $n ->
    [0] No results.
    [one] One result.
   *[other] { $n } results.
}
cut = Showing the newest { $n }. Choose a month or search for more.
years = By year and month
incidents = { $n ->
    [one] one incident
   *[other] { $n } incidents
}

works-open = In progress and scheduled
works-none = No maintenance is scheduled.
works-done = Completed
works-calendar = Add scheduled maintenance to your calendar
from-until = { $from } to { $until }
from = From { $from }
ahead = in { $span }

subscribe-title = Subscribe to updates
subscribe-text = Choose how you want to hear about incidents and maintenance. No account is needed.
way-feed = Feed
way-feed-text = Every incident with all its updates, for feed readers and chat apps.
way-calendar = Calendar
way-calendar-text = Scheduled maintenance in your calendar.
way-programs = API
way-programs-text = The same information as JSON, with its documentation.
way-parts = Individual components
way-parts-text = A separate feed for each component.
way-embed = On your own site
way-embed-text = One line of code shows our status at the top of your pages.

language-name = English
subscribe-mail = By e-mail
subscribe-mail-text = We first send you a link. You get nothing more until you open it and confirm.
subscribe-address = Your e-mail address
subscribe-options = Choose what you receive
subscribe-kinds = What to send
subscribe-incidents = Incidents
subscribe-maintenance = Scheduled maintenance
subscribe-report = Uptime report
subscribe-report-none = None
subscribe-report-weekly = Every week
subscribe-report-monthly = Every month
subscribe-components = Components
subscribe-components-text = If you select none, you hear about all of them.
subscribe-language = Language of the e-mails
subscribe-privacy = We use your address for these e-mails only. Every e-mail has a link to unsubscribe, and we delete your address when you do.
subscribe-asked = Check your inbox.
subscribe-asked-text = If the address can receive e-mail from us, a link is on its way. It works for 48 hours. If nothing arrives within a few minutes, look in your spam folder or try again later.
subscribe-refused = Your form was not accepted.
subscribe-no-address = This is not an e-mail address that we can use. Please check it.
subscribe-nothing = You selected nothing, so we would send nothing. Please select something, or unsubscribe.
subscribe-confirm = Confirm your subscription?
subscribe-confirm-text = We send e-mails only after you confirm. If you did not ask for this, close this page and nothing is sent.
subscribe-confirm-send = Confirm subscription
subscribe-done = You are subscribed.
subscribe-manage = Your subscription
subscribe-manage-text = You can change it here at any time. Every e-mail has a link to this page.
subscribe-save = Save
subscribe-saved = Your changes are saved.
subscribe-leave = Unsubscribe from all e-mails?
subscribe-leave-text = We delete your address and send you nothing more.
subscribe-leave-send = Unsubscribe
subscribe-left = You are unsubscribed.
subscribe-left-text = Your address is deleted, and you get no more e-mails from us.
subscribe-unknown = This link no longer works.
subscribe-unknown-text = It may be incomplete or expired. Enter your address again to get a new one.

report-title = Report a problem
report-text = One click is enough. Your report helps us notice problems sooner.
report-known = We already know about:
report-what = What is not working?
report-unknown = I am not sure
report-send = It is not working for me
report-privacy = We count reports. We do not store who sent them.
report-taken = Thank you.
report-taken-text = We have counted your report. The status page shows what we know.
report-refused = Thank you. We have enough reports for now.
report-refused-text = We already have recent reports from your network or from many other visitors.
report-lost = Your report was not counted.
report-foreign = It was sent from another website. Please send it from this one.
report-unclear = It does not name anything on this page. Please choose again.
report-unnoted = We could not save it just now. Please try again in a minute.

not-found = Page not found.
not-found-text = The address may be wrong, or the page may have been removed.
failed = This page could not be displayed.
failed-text = The error has been recorded. The status page may still work.

## Figures

figures = Metrics for the last 24 hours
figure-now = now { $value }, { $ago }
figure-unseen = no data since { $since }
figures-all = Metrics
figure-table = Show as a table
figure-from = From
figure-lowest = Lowest
figure-mean = Average
figure-highest = Highest
figure-none = No data.
figure-spans = Time ranges
figure-hour = Last hour
figure-day = Last 24 hours
figure-week = Last 7 days
figure-30-days = Last 30 days
figure-90-days = Last 90 days
evidence = Measurements
recorded-data = Recorded data

## What the page says of itself

honest-days = In the last { $days } days
honest-since = Since { $day }
honest-noticed = { $span }, this page detected { $n ->
    [0] no incidents
    [one] one incident
   *[other] { $n } incidents
}{ $delays }
honest-one = , within { $all } of the first sign
honest-all = , all of them within { $all } of the first sign
honest-half = , half of them within { $half } of the first sign and all of them within { $all }
honest-false = { $n ->
    [one] one incident was marked resolved too early
   *[other] { $n } incidents were marked resolved too early
}
honest-withdrawn = { $n ->
    [one] one incident was withdrawn
   *[other] { $n } incidents were withdrawn
}
honest-blind = it had no data for { $span }
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

## What we write into incidents. The text of an event or a report stands last.

wrote-unseen = There have been no failures since the change at { $at }, but we cannot mark this resolved yet.
wrote-ongoing = This incident is ongoing.
wrote-waiting = We cannot mark this resolved yet.
wrote-cured = Since the change at { $at }, { $names } { $n ->
    [one] is
   *[other] are
} working again.
wrote-again = Failing again.
wrote-eased = Downgraded from “{ $severity }”: the failing checks have been clear for { $span }.
wrote-over = Working since { $since }. The incident lasted { $span }.
wrote-planned = Maintenance window: { $from } to { $until }.
wrote-begun = Maintenance has started.
wrote-begun-until = Maintenance has started. It is scheduled to end at { $until }.
wrote-extended = The schedule has changed. Maintenance is now scheduled to end at { $until }.
wrote-done = Maintenance is complete.
wrote-cancelled = This maintenance has been cancelled.
wrote-stopped = This maintenance was stopped early.
wrote-event = At { $at }: { $text }
wrote-first-report = first user report: { $text }
wrote-report = user report: { $text }
wrote-reopened = The problem is back.
wrote-withdrawn = This was a false alarm: nothing was wrong. We have withdrawn it.
wrote-published = We have published what happened and what we learned from it.
our-systems = our systems
less-than = less than { $span }

## What was seen or reported

seen-restarted = { $names } { $n ->
    [one] was
   *[other] were
} restarted.
seen-restarted-again = { $names } { $n ->
    [one] was
   *[other] were
} restarted { $more ->
    [one] once more
   *[other] { $more } more times
}.
seen-flushed = Data in { $names } was deleted by a command.
seen-flushed-again = Data in { $names } was deleted { $more ->
    [one] once more
   *[other] { $more } more times
}.
seen-collapsed = Most of the data in { $names } is gone.
seen-limit = The memory limit of { $names } was changed from { $before } to { $after }.
seen-limit-removed = The memory limit of { $names } was removed; it was { $before } before.
seen-limit-set = The memory limit of { $names } was set to { $after }; there was no limit before.
seen-a-store = a data store
seen-store = a data store
seen-process = a service process
row-others = { $names } and { $n } others
provider-reports = { $name } reports: { $text }
reports-fails = { $name } fails
reports-something = something fails

## Post-mortems

mortem-background = Background
mortem-problem = Problem
mortem-solution = Solution
mortem-timeline = Timeline
mortem-continued = Timeline (continued)
mortem-future = Future solutions
mortem-unwritten = Our team has not written this section yet.
record-update = { $word }: { $text }
record-first = First failing measurement
record-end = First healthy measurement of the recovery
record-first-report = First user report: { $text }
record-report = User report: { $text }
record-release = Release: { $text }
record-restart = Restart: { $text }
record-flush = Flush: { $text }
record-limit = Limit changed: { $text }
record-provider = Provider report: { $text }
record-what = What happened
record-more = { $n } more
record-noticed = The incident was recorded { $span } after the first failing measurement.
record-resolved = It was marked resolved { $span } after the first healthy measurement.
worst-metric = Metric
worst-value = Worst
worst-when = When
worst-threshold = Threshold
worst-above = above { $value }
worst-below = below { $value }
worst-off = other than { $value }
picture-title = { $title }, as measured
picture-threshold = threshold

chart-range = { $from } to { $until }
chart-values = Values range from { $low } to { $high }, with the highest at { $at }.
chart-empty = No data.
chart-shades = { $n } incidents are shaded.
chart-shaded = Shaded: { $label }, { $from } to { $until }.
chart-shaded-since = Shaded: { $label }, since { $from }.
chart-gaps = There are gaps without data.
chart-limit = limit
chart-warning = warning

## Messages of notifiers

notify-headline = { $word }: { $title }
notify-down = Down
notify-disrupted = Degraded
notify-notice = Notice
notify-down-again = Down again
notify-disrupted-again = Degraded again
notify-notice-again = Notice again
notify-down-still = Still down
notify-disrupted-still = Still degraded
notify-notice-still = Still open
notify-missed = Over before we could tell you
notify-withdrawn = Withdrawn
notify-announced = Planned maintenance
notify-upcoming = Maintenance soon
notify-rescheduled = Maintenance moved
notify-begun = Maintenance has begun
notify-extended = Maintenance takes longer
notify-completed = Maintenance completed
notify-cancelled = Maintenance cancelled
notify-operators = For operators
notify-settled = Settled
notify-affected = Affected
notify-started = Started
notify-ended = Ended
notify-from = From
notify-until = Until
notify-earlier = Earlier
notify-test = Test
notify-test-title = please ignore this message
notify-test-text = A test of the notifier { $name }. Nothing has happened.

## Mails

mail-earlier = Earlier updates
mail-details = View the details
mail-digest-subject = { $site }: { $n } updates
mail-digest-text = Several things happened at once, so we put them into one message.
mail-confirm-subject = Confirm your subscription to { $site }
mail-confirm-text = Please confirm that you want to receive updates about incidents and maintenance of { $site } at this address.
mail-confirm-button = Confirm subscription
mail-confirm-ignore = If you did not request this, you can ignore this message. You will not hear from us again.
mail-link-until = The link is valid until { $until }.
mail-manage-subject = Your subscription to { $site }
mail-manage-text = Choose what you want to hear about { $site }, or unsubscribe.
mail-manage-button = Manage subscription
mail-report-subject = { $site }: uptime from { $from } to { $until }
mail-report-none = There were no incidents.
mail-why-subscriber = You receive this message because you subscribed to updates from { $site }.
mail-why-fixed = You receive this message because this address is configured as a recipient for { $site }.
mail-unsubscribe = Unsubscribe
