# 页面文字，简体中文。

## 状态

state-ok = 运行正常
state-unmeasured = 没有事件报告
state-maintenance = 维护中
state-unknown = 无数据
state-notice = 通知
state-disrupted = 部分异常
state-down = 服务中断
phase-investigating = 调查中
phase-identified = 已找到原因
phase-monitoring = 观察中
phase-resolved = 已解决
phase-update = 更新
phase-event = 事件
phase-scheduled = 已计划
phase-in-progress = 进行中
phase-completed = 已完成
phase-cancelled = 已取消
phase-post-mortem = 事后分析
stage-scheduled = 已计划
stage-in-progress = 进行中
stage-overdue = 已超时
stage-completed = 已完成
stage-cancelled = 已取消
word-post = 公告
word-resolved = 已解决
word-withdrawn = 已撤回
author-rule = 自动发布
author-person = 由我们的团队发布
author-named = 由 { $name } 发布

## 首页标题

banner-fine = 所有系统运行正常。
banner-notice = 所有系统运行正常。请阅读下方的通知。
banner-unmeasured = 没有事件报告。
banner-unmeasured-notice = 请阅读下方的通知。
banner-empty = 尚未监控任何内容。
banner-blind = 自 { $since } 起没有收到系统数据。
banner-blind-more = 本页信息可能不是最新的。
banner-maintenance = 计划维护，预计 { $until } 结束。
banner-maintenance-open = 计划维护正在进行。
banner-watched = 自 { $since } 起已恢复正常。
banner-watched-more = 我们正在观察。如果保持稳定，将在 { $until } 左右标记为已解决。
banner-watched-held = 我们不会在 { $until } 之前标记为已解决。
unwell-maintenance = 计划维护正在进行。
unwell-many-maintenance = 计划维护正在进行。
unwell-unknown = 没有 { $names } 的数据。
unwell-many-unknown = 没有 { $n } 个组件的数据。
unwell-notice = 所有系统运行正常。有一则关于 { $names } 的通知。
unwell-many-notice = 所有系统运行正常。有关于 { $n } 个组件的通知。
unwell-disrupted = { $names } 部分异常。
unwell-many-disrupted = { $n } 个组件部分异常。
unwell-down = { $names } 服务中断。
unwell-many-down = { $n } 个组件服务中断。
lasting = 已持续 { $span }
started = 开始于 { $since }。
affects = 影响 { $names }。
affects-more = 影响 { $names } 及另外 { $n } 个组件。
next-word = 下次更新不晚于 { $until }。
more-open = 另有 { $n } 个事件尚未解决。
resolved-ago = { $span }前已解决：
post-mortem-ago = { $span }前发布了事后分析：
works-in = { $name }（{ $span }）
works-from-here = 从这里访问正常：{ $names }（{ $clock } 检查）。
visitors-reported = 最近 10 分钟内有 { $count } 位访问者报告了此问题。
measured-at = 上次检查：{ $clock }。
measured-ago = 上次检查：{ $span }前。
ago = { $span }前
impact-wait = 有 { $count } 个 { $what } 在等待，最长已等待 { $wait }，通常为 { $usual }。
impact-count = 有 { $count } 个 { $what } 在等待。
impact-growing = 积压每分钟约增加 { $count } 个。
impact-falling = 积压正在减少，预计约 { $span }后清空。
impact-falling-slowly = 积压正在缓慢减少。
impact-still = 积压既没有增加也没有减少。
between-sentences = { "" }
waits = 标记为已解决之前需要满足的条件
wait-failing = { $names } 必须恢复正常。
wait-unseen = 必须重新收到 { $names } 的数据。
wait-backlog = { $count } 个 { $what } 的积压必须减少。
wait-capacity = 必须处理一个已知的容量风险。
wait-changed = { $since } 有过变更，因此从那时起重新观察。
wait-hold = 自 { $since } 起没有故障。我们将观察到 { $until }。
wait-settling = 自 { $since } 起没有故障。需要继续保持。
wait-hold-open = 需要在一段时间内保持稳定。
wait-person = 需要我们的团队确认已解决。

## 首页

open-incidents = 当前事件
announcements = 公告
components = 组件
all-updates = 全部更新
report-ask = 有未列出的问题？
reported = 供应商报告
reported-more = 来自供应商的状态页，可能与此无关。
past = 历史事件
nothing = 没有事件报告
before = 更早
all-incidents = 全部事件
and-more = 还有 { $n } 个
until = 到 { $until }

## 日期条

days-label = { $days } 天有数据，可用率 { $share }
days-hint = 使用方向键切换日期。
share-of = { $span }内 { $share }
since-today = 自今天 { $clock } 起
since-day = 自 { $day } 起
gap-note = 我们的监控曾中断。无数据：{ $days }。
gap-days = { $days }（{ $span }）
gap-more = 更早还有 { $n } 次
apart-unseen = 无数据 { $span }
apart-maintenance = 维护 { $span }
day-early = 尚无数据
day-unseen = 无数据
day-fine = 运行正常
day-down = 服务中断 { $span }
day-disrupted = 部分异常 { $span }
day-maintenance = 维护 { $span }
day-partly-unseen = 无数据 { $span }
legend = 每个条形代表一天，最右侧是今天。异常时长从条形顶部截去。

## 页面

skip = 跳到正文
status-suffix = { " " }状态
nav-pages = 页面
nav-more = 更多页面
nav-status = 状态
nav-history = 历史
nav-maintenance = 维护
nav-subscribe = 订阅
nav-report = 报告问题
zone = 所有时间均为 { $zone }。
theme-light = 浅色主题
theme-dark = 深色主题
live-changed = 状态更新：
page-stale = 本页自 { "{}" } 起未更新，信息可能不是最新的。

# What the team decided about checks of a component that fail.
silenced-until = 我们的团队已将其告警静默至 { $until }。
silenced-overruled = 我们的团队决定忽略一项仍未通过的检查。
to-status = 当前状态
began = 开始
over = 结束
planned-until = 计划结束
duration = 持续时间
lasted-for = 持续时间
lasting-span = { $span }
flaps = 恢复后再次故障 { $n } 次
lasted = 持续 { $span }
severity = 严重程度
affected = 受影响的组件
timeline = 时间线
neighbours = 其他事件
older = 较早
newer = 较新
days-heading = 最近 90 天
days-heading-month = 最近 30 天
days-table = 每日情况
days-table-day = 日期
days-table-what = 状态
uptime = 可用率
uptime-span = 时段
uptime-share = 可用率
uptime-more = 可用率按有数据的时间计算。无数据的时间和维护时间不计入。
span-day = 24 小时
span-week = 7 天
span-month = 30 天
span-quarter = 90 天
span-year = 365 天
incidents-heading = 事件
none-written = 尚无事件记录。
visit = 访问
follow = 关注此组件
badge = 徽章
history = 历史
undated = 无日期
search = 搜索
search-words = 关键词
search-component = 组件
search-any = 全部
search-all = 显示全部
found = { $n ->
    [0] 没有结果。
   *[other] { $n } 条结果。
}
cut = 显示最新的 { $n } 个事件。如需更多，请选择月份或搜索。
years = 按年月
incidents = { $n } 个事件
works-open = 进行中和已计划
works-none = 没有计划的维护。
works-done = 已完成
works-calendar = 将计划维护添加到日历
from-until = { $from } 至 { $until }
from = 自 { $from } 起
ahead = { $span }后
subscribe-title = 订阅更新
subscribe-text = 选择接收事件和维护通知的方式。无需注册账号。
way-feed = 订阅源
way-feed-text = 每个事件及其全部更新，适用于订阅阅读器和聊天应用。
way-calendar = 日历
way-calendar-text = 在您的日历中查看计划维护。
way-programs = API
way-programs-text = 以 JSON 提供同样的信息，并附文档。
way-parts = 单个组件
way-parts-text = 每个组件都有单独的订阅源。
way-embed = 在您自己的网站上
way-embed-text = 一行代码即可在您的页面顶部显示我们的状态。

language-name = 简体中文
subscribe-mail = 电子邮件
subscribe-mail-text = 我们会先发送一个链接。在您打开链接并确认之前，不会再发送其他邮件。
subscribe-address = 您的电子邮件地址
subscribe-options = 选择接收内容
subscribe-kinds = 接收内容
subscribe-incidents = 故障
subscribe-maintenance = 计划维护
subscribe-report = 可用性报告
subscribe-report-none = 不接收
subscribe-report-weekly = 每周
subscribe-report-monthly = 每月
subscribe-components = 组件
subscribe-components-text = 如果不选择任何组件，您将收到所有组件的通知。
subscribe-language = 邮件语言
subscribe-privacy = 我们仅将您的地址用于发送这些邮件。每封邮件都有退订链接，退订后我们会删除您的地址。
subscribe-asked = 请查看您的收件箱。
subscribe-asked-text = 如果该地址可以接收我们的邮件，链接已经发出。链接在 48 小时内有效。如果几分钟内没有收到，请查看垃圾邮件文件夹，或稍后重试。
subscribe-refused = 您提交的内容未被接受。
subscribe-no-address = 我们无法使用这个电子邮件地址，请检查。
subscribe-nothing = 您没有选择任何内容，因此我们不会发送任何邮件。请选择一些内容，或者退订。
subscribe-confirm = 确认订阅吗？
subscribe-confirm-text = 只有在您确认之后，我们才会发送邮件。如果这不是您的请求，请关闭此页面，我们不会发送任何内容。
subscribe-confirm-send = 确认订阅
subscribe-done = 订阅成功。
subscribe-manage = 您的订阅
subscribe-manage-text = 您可以随时在此更改。每封邮件都有指向此页面的链接。
subscribe-save = 保存
subscribe-saved = 更改已保存。
subscribe-leave = 退订所有邮件吗？
subscribe-leave-text = 我们会删除您的地址，不再向您发送任何邮件。
subscribe-leave-send = 退订
subscribe-left = 您已退订。
subscribe-left-text = 您的地址已删除，您不会再收到我们的邮件。
subscribe-unknown = 此链接已失效。
subscribe-unknown-text = 链接可能不完整或已过期。请重新输入您的地址以获取新链接。
report-title = 报告问题
report-text = 只需点击一次。您的报告能帮助我们更早发现问题。
report-known = 我们已知的问题：
report-what = 什么无法使用？
report-unknown = 我不确定
report-send = 我无法使用
report-privacy = 我们只统计报告数量，不保存发送者的信息。
report-taken = 谢谢。
report-taken-text = 您的报告已计入。状态页显示我们目前了解的情况。
report-refused = 谢谢。目前我们已有足够的报告。
report-refused-text = 我们最近已收到来自您的网络或许多其他访问者的报告。
report-lost = 您的报告未计入。
report-foreign = 它是从其他网站发送的。请从本站发送。
report-unclear = 它没有指向本页的任何内容。请重新选择。
report-unnoted = 暂时无法保存。请在一分钟后重试。
not-found = 未找到页面。
not-found-text = 地址可能有误，或页面已被移除。
failed = 无法显示此页面。
failed-text = 错误已记录。状态页可能仍可使用。

## 数字、时间和列表

number-group = ,
number-point = .
percent = { $number }%
row = { $first } 和 { $last }
row-comma = 、
unit-s = { $n }{ "\u00A0" }秒
unit-min = { $n }{ "\u00A0" }分钟
unit-h = { $n }{ "\u00A0" }小时
unit-d = { $n }{ "\u00A0" }天
span = { $first } { $second }
day = { $number }月{ $day }日
day-and-year = { $year }年{ $number }月{ $day }日
day-and-clock = { $day } { $clock }
weekday-and-day = { $day }{ $weekday }
month-and-year = { $year }年{ $number }月
days = { $from }至{ $to }
days-of-month = { $from }至{ $to }
weekday-1 = 星期一
weekday-2 = 星期二
weekday-3 = 星期三
weekday-4 = 星期四
weekday-5 = 星期五
weekday-6 = 星期六
weekday-7 = 星期日
month-1 = 1月
month-2 = 2月
month-3 = 3月
month-4 = 4月
month-5 = 5月
month-6 = 6月
month-7 = 7月
month-8 = 8月
month-9 = 9月
month-10 = 10月
month-11 = 11月
month-12 = 12月

## Figures

figures = 最近 24 小时的指标
figure-now = 当前 { $value }（{ $ago }）
figure-unseen = 自 { $since } 起无数据
figures-all = 指标
figure-table = 以表格显示
figure-from = 起始
figure-lowest = 最低
figure-mean = 平均
figure-highest = 最高
figure-none = 无数据。
figure-spans = 时间范围
figure-hour = 最近 1 小时
figure-day = 最近 24 小时
figure-week = 最近 7 天
figure-30-days = 最近 30 天
figure-90-days = 最近 90 天
evidence = 测量数据
recorded-data = 记录的数据

## What the page says of itself

honest-days = 最近 { $days } 天内
honest-since = 自 { $day } 起
honest-noticed = { $span }，本页{ $n ->
    [0] 没有检测到事件
   *[other] 检测到 { $n } 个事件
}{ $delays }
honest-one = （在首个迹象出现后 { $all }内）
honest-all = （全部在首个迹象出现后 { $all }内）
honest-half = （半数在首个迹象出现后 { $half }内，全部在 { $all }内）
honest-false = { $n } 个事件过早标记为已解决
honest-withdrawn = { $n } 个事件已撤回
honest-blind = 有 { $span }没有数据
honest-join = ；
honest-end = 。

## 我们写入事件的内容。事件或报告的文字位于最后。

wrote-unseen = 自 { $at } 的变更以来没有再出现故障，但我们还不能标记为已解决。
wrote-ongoing = 事件仍在持续。
wrote-waiting = 我们还不能标记为已解决。
wrote-cured = 自 { $at } 的变更以来，{ $names } 已恢复正常。
wrote-again = 故障再次出现。
wrote-eased = 严重程度已从“{ $severity }”下调：未通过的检查已恢复正常 { $span }。
wrote-over = 自 { $since } 起恢复正常。事件持续了 { $span }。
wrote-planned = 维护时段：{ $from } 至 { $until }。
wrote-begun = 维护已开始。
wrote-begun-until = 维护已开始，预计 { $until } 结束。
wrote-extended = 时间安排有变。维护现预计 { $until } 结束。
wrote-done = 维护已完成。
wrote-cancelled = 此次维护已取消。
wrote-stopped = 此次维护已提前结束。
wrote-event = { $at }：{ $text }
wrote-first-report = 首个用户报告：{ $text }
wrote-report = 用户报告：{ $text }
wrote-reopened = 问题再次出现。
wrote-withdrawn = 这是误报：一切正常。我们已将其撤回。
wrote-published = 我们已公布事情经过和从中得到的教训。
our-systems = 我们的系统
less-than = 不到 { $span }

## 发现或报告的情况

seen-restarted = { $names } 已重启。
seen-restarted-again = { $names } 又重启了 { $more } 次。
seen-flushed = { $names } 中的数据被命令删除。
seen-flushed-again = { $names } 中的数据又被命令删除了 { $more } 次。
seen-collapsed = { $names } 中的大部分数据已丢失。
seen-limit = { $names } 的内存上限已从 { $before } 改为 { $after }。
seen-limit-removed = { $names } 的内存上限已取消，此前为 { $before }。
seen-limit-set = { $names } 的内存上限已设为 { $after }，此前没有上限。
seen-a-store = 一个数据存储
seen-store = 一个数据存储
seen-process = 一个服务进程
row-others = { $names } 及另外 { $n } 个
provider-reports = { $name } 报告：{ $text }
reports-fails = { $name } 无法使用
reports-something = 有内容无法使用

## 事后分析

mortem-background = 背景
mortem-problem = 问题
mortem-solution = 解决方法
mortem-timeline = 时间线
mortem-continued = 时间线（续）
mortem-future = 后续措施
mortem-unwritten = 我们的团队尚未撰写此部分。
record-update = { $word }：{ $text }
record-first = 首次异常测量
record-end = 恢复后的首次正常测量
record-first-report = 首个用户报告：{ $text }
record-report = 用户报告：{ $text }
record-release = 发布：{ $text }
record-restart = 重启：{ $text }
record-flush = 数据删除：{ $text }
record-limit = 上限变更：{ $text }
record-provider = 供应商报告：{ $text }
record-what = 发生了什么
record-more = 另外 { $n } 条
record-noticed = 事件在首次异常测量 { $span } 后被记录。
record-resolved = 在首次正常测量 { $span } 后标记为已解决。
worst-metric = 指标
worst-value = 最差值
worst-when = 时间
worst-threshold = 阈值
worst-above = 高于 { $value }
worst-below = 低于 { $value }
worst-off = 不等于 { $value }
picture-title = { $title }，测量结果
picture-threshold = 阈值

chart-range = { $from } 至 { $until }
chart-values = 数值介于 { $low } 和 { $high } 之间，最高值出现在 { $at }。
chart-empty = 无数据。
chart-shades = { $n } 起事件以阴影标出。
chart-shaded = 阴影：{ $label }，{ $from } 至 { $until }。
chart-shaded-since = 阴影：{ $label }，自 { $from } 起。
chart-gaps = 部分时段没有数据。
chart-limit = 上限
chart-warning = 警告

## Messages of notifiers

notify-headline = { $word }：{ $title }
notify-down = 服务中断
notify-disrupted = 部分异常
notify-notice = 通知
notify-down-again = 再次中断
notify-disrupted-again = 再次异常
notify-notice-again = 再次通知
notify-down-still = 仍然中断
notify-disrupted-still = 仍然异常
notify-notice-still = 仍未结束
notify-missed = 在我们通知之前已经结束
notify-withdrawn = 已撤回
notify-announced = 计划维护
notify-upcoming = 维护即将开始
notify-rescheduled = 维护改期
notify-begun = 维护已开始
notify-extended = 维护延长
notify-completed = 维护已完成
notify-cancelled = 维护已取消
notify-operators = 运维通知
notify-settled = 已处理
notify-affected = 受影响
notify-started = 开始
notify-ended = 结束
notify-from = 开始
notify-until = 结束
notify-earlier = 此前
notify-test = 测试
notify-test-title = 请忽略此消息
notify-test-text = 这是对接收方 { $name } 的测试。没有发生任何故障。

## 邮件

mail-earlier = 此前的更新
mail-details = 查看详情
mail-digest-subject = { $site }：{ $n } 条更新
mail-digest-text = 同时发生了多件事，因此我们合并为一封邮件。
mail-confirm-subject = 请确认订阅 { $site }
mail-confirm-text = 请确认您希望通过此邮箱接收 { $site } 的事件和维护通知。
mail-confirm-button = 确认订阅
mail-confirm-ignore = 如果这不是您本人的操作，请忽略此邮件。我们不会再给您发送邮件。
mail-link-until = 链接有效期至 { $until }。
mail-manage-subject = 您对 { $site } 的订阅
mail-manage-text = 您可以选择要接收的 { $site } 通知，也可以退订。
mail-manage-button = 管理订阅
mail-report-subject = { $site }：{ $from } 至 { $until } 的可用率
mail-report-none = 期间没有发生事件。
mail-why-subscriber = 您收到此邮件，是因为您订阅了 { $site } 的更新。
mail-why-fixed = 您收到此邮件，是因为此邮箱被设置为 { $site } 的收件人。
mail-unsubscribe = 退订
