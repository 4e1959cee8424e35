# ページの言葉、日本語。

## 状態

state-ok = 正常
state-unmeasured = 障害の報告なし
state-maintenance = メンテナンス
state-unknown = データなし
state-notice = お知らせ
state-disrupted = 一部障害
state-down = 停止
phase-investigating = 調査中
phase-identified = 原因を特定
phase-monitoring = 監視中
phase-resolved = 解決済み
phase-update = 更新情報
phase-event = イベント
phase-scheduled = 予定
phase-in-progress = 実施中
phase-completed = 完了
phase-cancelled = 中止
phase-post-mortem = 事後分析
stage-scheduled = 予定
stage-in-progress = 実施中
stage-overdue = 予定超過
stage-completed = 完了
stage-cancelled = 中止
word-post = お知らせ
word-resolved = 解決済み
word-withdrawn = 取り下げ
author-rule = 自動投稿
author-person = 担当チームが投稿
author-named = { $name }が投稿

## 最初のページの見出し

banner-fine = すべてのシステムは正常に稼働しています。
banner-notice = すべてのシステムは正常に稼働しています。下のお知らせをご確認ください。
banner-unmeasured = 障害の報告はありません。
banner-unmeasured-notice = 下のお知らせをご確認ください。
banner-empty = 監視対象はまだありません。
banner-blind = { $since }以降、システムのデータを取得できていません。
banner-blind-more = このページの情報は最新でない可能性があります。
banner-maintenance = { $until }まで計画メンテナンスを実施しています。
banner-maintenance-open = 計画メンテナンスを実施しています。
banner-watched = { $since }から復旧しています。
banner-watched-more = 現在監視中です。このまま安定していれば、{ $until }頃に解決済みとします。
banner-watched-held = { $until }より前に解決済みとすることはありません。
unwell-maintenance = 計画メンテナンスを実施しています。
unwell-many-maintenance = 計画メンテナンスを実施しています。
unwell-unknown = { $names }のデータがありません。
unwell-many-unknown = { $n }件のコンポーネントのデータがありません。
unwell-notice = すべてのシステムは正常に稼働しています。{ $names }に関するお知らせがあります。
unwell-many-notice = すべてのシステムは正常に稼働しています。{ $n }件のコンポーネントに関するお知らせがあります。
unwell-disrupted = { $names }で障害が発生しています。
unwell-many-disrupted = { $n }件のコンポーネントで障害が発生しています。
unwell-down = { $names }が停止しています。
unwell-many-down = { $n }件のコンポーネントが停止しています。
lasting = { $span }前から
started = { $since }に発生しました。
affects = 影響範囲：{ $names }
affects-more = 影響範囲：{ $names }、ほか{ $n }件
next-word = 次の更新は{ $until }までに行います。
more-open = ほかに{ $n }件の障害が発生しています。
resolved-ago = { $span }前に解決：
post-mortem-ago = { $span }前に事後検証を公開：
works-in = { $name }（{ $span }）
works-from-here = こちらからの接続は正常です：{ $names }（{ $clock }に確認）。
visitors-reported = 直近10分間に{ $count }人の訪問者から報告がありました。
measured-at = 最終確認：{ $clock }。
measured-ago = 最終確認：{ $span }前。
ago = { $span }前
impact-wait = { $what } { $count }件が処理待ちです。最長の待ち時間は{ $wait }です（通常は{ $usual }）。
impact-count = { $what } { $count }件が処理待ちです。
impact-growing = 処理待ちは毎分およそ{ $count }件ずつ増えています。
impact-falling = 処理待ちは減少しており、およそ{ $span }で解消する見込みです。
impact-falling-slowly = 処理待ちはゆっくり減少しています。
impact-still = 処理待ちの件数に変化はありません。
between-sentences = { "" }
waits = 解決済みとするための条件
wait-failing = { $names }が復旧すること。
wait-unseen = { $names }のデータを再び取得できること。
wait-backlog = { $what } { $count }件の処理待ちが減少すること。
wait-capacity = 既知の容量不足のリスクに対処すること。
wait-changed = { $since }に変更があったため、その時点から監視し直しています。
wait-hold = { $since }以降、障害は発生していません。{ $until }まで監視を続けます。
wait-settling = { $since }以降、障害は発生していません。この状態が続くか確認しています。
wait-hold-open = しばらく正常な状態が続くことを確認しています。
wait-person = 担当チームが解決を確認すること。

## 最初のページ

open-incidents = 発生中の障害
announcements = お知らせ
components = コンポーネント
all-updates = すべての更新
report-ask = ここに掲載されていない問題がありますか？
reported = 提供元からの報告
reported-more = 提供元のステータスページの情報です。当サービスの障害とは無関係の場合があります。
past = 過去の障害
nothing = 障害の報告はありません
before = それ以前
all-incidents = すべての障害
and-more = ほか{ $n }件
until = { $until }まで

## 日

days-label = データのある{ $days }日間の稼働率 { $share }
days-hint = 矢印キーで日付を移動できます。
share-of = { $span }で{ $share }
since-today = 本日{ $clock }から
since-day = { $day }から
gap-note = 監視が中断していました。データなし：{ $days }。
gap-days = { $days }（{ $span }）
gap-more = それ以前に{ $n }回
apart-unseen = データなし{ $span }
apart-maintenance = メンテナンス{ $span }
day-early = データ取得前
day-unseen = データなし
day-fine = 正常
day-down = 停止 { $span }
day-disrupted = 一部障害 { $span }
day-maintenance = メンテナンス { $span }
day-partly-unseen = データなし { $span }
legend = 棒1本が1日を表し、右端が今日です。障害の時間の分だけ棒の上部が欠けます。

## ページ

skip = 本文へ移動
status-suffix = { " " }ステータス
nav-pages = ページ
nav-more = その他のページ
nav-status = ステータス
nav-history = 履歴
nav-maintenance = メンテナンス
nav-subscribe = 購読
nav-report = 問題を報告
zone = 時刻はすべて{ $zone }です。
theme-light = ライトテーマ
theme-dark = ダークテーマ
live-changed = ステータスが更新されました：
page-stale = このページは{ "{}" }以降更新されていません。情報は最新でない可能性があります。

# What the team decided about checks of a component that fail.
silenced-until = チームが{ $until }までアラートを停止しています。
silenced-overruled = 失敗が続いている確認は、チームの判断で除外されています。
to-status = 現在のステータス
began = 開始
over = 終了
planned-until = 終了予定
duration = 継続時間
lasted-for = 継続時間
lasting-span = { $span }
flaps = 復旧と再発を{ $n }回繰り返しました
lasted = { $span }継続
severity = 重大度
affected = 影響を受けるコンポーネント
timeline = 経過
neighbours = ほかの障害
older = 前
newer = 次
days-heading = 直近90日間
days-heading-month = 直近30日間
days-table = 日別の状況
days-table-day = 日
days-table-what = 状態
uptime = 稼働率
uptime-span = 期間
uptime-share = 稼働率
uptime-more = 稼働率はデータのある時間に対する割合です。データのない時間とメンテナンスは含みません。
span-day = 24時間
span-week = 7日
span-month = 30日
span-quarter = 90日
span-year = 365日
incidents-heading = 障害
none-written = 障害の記録はまだありません。
visit = 開く
follow = このコンポーネントを購読
badge = バッジ
history = 履歴
undated = 日付なし
search = 検索
search-words = キーワード
search-component = コンポーネント
search-any = すべて
search-all = すべて表示
found = { $n ->
    [0] 該当する結果はありません。
   *[other] { $n }件見つかりました。
}
cut = 新しい順に{ $n }件を表示しています。ほかの障害は月を選ぶか検索してください。
years = 年・月別
incidents = { $n }件
works-open = 実施中と予定
works-none = 予定されているメンテナンスはありません。
works-done = 完了
works-calendar = 計画メンテナンスをカレンダーに追加
from-until = { $from }から{ $until }まで
from = { $from }から
ahead = { $span }後
subscribe-title = 更新情報を受け取る
subscribe-text = 障害とメンテナンスのお知らせの受け取り方を選べます。アカウントは不要です。
way-feed = フィード
way-feed-text = すべての障害とその更新を、フィードリーダーやチャットで受け取れます。
way-calendar = カレンダー
way-calendar-text = 計画メンテナンスをカレンダーで確認できます。
way-programs = API
way-programs-text = 同じ情報をJSONで提供しています。ドキュメントもあります。
way-parts = コンポーネントごと
way-parts-text = コンポーネントごとのフィードです。
way-embed = 自分のサイトに表示
way-embed-text = コード1行で、ページの上部にステータスを表示できます。

language-name = 日本語
subscribe-mail = メール
subscribe-mail-text = まず確認用のリンクをお送りします。リンクを開いて確認するまで、ほかのメールは届きません。
subscribe-address = メールアドレス
subscribe-options = 受け取る内容を選ぶ
subscribe-kinds = 受け取る内容
subscribe-incidents = 障害
subscribe-maintenance = 計画メンテナンス
subscribe-report = 稼働率レポート
subscribe-report-none = 受け取らない
subscribe-report-weekly = 毎週
subscribe-report-monthly = 毎月
subscribe-components = コンポーネント
subscribe-components-text = 何も選択しない場合は、すべてについてお知らせします。
subscribe-language = メールの言語
subscribe-privacy = メールアドレスはこのお知らせにのみ使用します。どのメールにも配信停止のリンクがあり、停止するとアドレスは削除されます。
subscribe-asked = メールをご確認ください。
subscribe-asked-text = このアドレスでメールを受信できる場合は、リンクをお送りしています。リンクは48時間有効です。数分たっても届かないときは、迷惑メールフォルダーを確認するか、後でもう一度お試しください。
subscribe-refused = 送信内容を受け付けられませんでした。
subscribe-no-address = このメールアドレスは使用できません。ご確認ください。
subscribe-nothing = 何も選択されていないため、お送りするものがありません。いずれかを選択するか、配信を停止してください。
subscribe-confirm = 登録を確認しますか？
subscribe-confirm-text = 確認後にのみメールをお送りします。お心当たりがない場合は、このページを閉じてください。何も送信されません。
subscribe-confirm-send = 登録を確認する
subscribe-done = 登録が完了しました。
subscribe-manage = 登録内容
subscribe-manage-text = いつでもここで変更できます。どのメールにもこのページへのリンクがあります。
subscribe-save = 保存
subscribe-saved = 変更を保存しました。
subscribe-leave = すべてのメールの配信を停止しますか？
subscribe-leave-text = メールアドレスを削除し、今後は何もお送りしません。
subscribe-leave-send = 配信を停止する
subscribe-left = 配信を停止しました。
subscribe-left-text = メールアドレスを削除しました。今後メールは届きません。
subscribe-unknown = このリンクは無効です。
subscribe-unknown-text = リンクが不完全か、期限が切れている可能性があります。もう一度アドレスを入力すると、新しいリンクをお送りします。
report-title = 問題を報告
report-text = ワンクリックで報告できます。問題の早期発見に役立ちます。
report-known = すでに把握している問題：
report-what = 何が正常に動作していませんか？
report-unknown = わかりません
report-send = 正常に動作しません
report-privacy = 報告の件数だけを集計します。送信者の情報は保存しません。
report-taken = ありがとうございます。
report-taken-text = 報告を受け付けました。現在わかっていることはステータスページに掲載しています。
report-refused = ありがとうございます。現在、十分な報告をいただいています。
report-refused-text = お使いのネットワークまたは多くの方から、すでに報告をいただいています。
report-lost = 報告は受け付けられませんでした。
report-foreign = 別のサイトから送信されました。このサイトから送信してください。
report-unclear = このページにない項目が指定されました。もう一度選択してください。
report-unnoted = 現在、保存できませんでした。1分ほどしてからもう一度お試しください。
not-found = ページが見つかりません。
not-found-text = アドレスが間違っているか、ページが削除された可能性があります。
failed = このページを表示できません。
failed-text = エラーは記録されました。ステータスページは表示できる可能性があります。

## 数、時間、並び

number-group = ,
number-point = .
percent = { $number }%
row = { $first }と{ $last }
row-comma = 、
unit-s = { $n }秒
unit-min = { $n }分
unit-h = { $n }時間
unit-d = { $n }日
span = { $first }{ $second }
day = { $number }月{ $day }日
day-and-year = { $year }年{ $number }月{ $day }日
day-and-clock = { $day } { $clock }
weekday-and-day = { $day }（{ $weekday }）
month-and-year = { $year }年{ $number }月
days = { $from }から{ $to }
days-of-month = { $from }から{ $to }
weekday-1 = 月
weekday-2 = 火
weekday-3 = 水
weekday-4 = 木
weekday-5 = 金
weekday-6 = 土
weekday-7 = 日
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

figures = 過去24時間の測定値
figure-now = 現在 { $value }（{ $ago }）
figure-unseen = { $since }以降データなし
figures-all = 測定値
figure-table = 表で表示
figure-from = 開始
figure-lowest = 最小
figure-mean = 平均
figure-highest = 最大
figure-none = データがありません。
figure-spans = 期間
figure-hour = 過去1時間
figure-day = 過去24時間
figure-week = 過去7日間
figure-30-days = 過去30日間
figure-90-days = 過去90日間
evidence = 測定値
recorded-data = 記録

## What the page says of itself

honest-days = 過去{ $days }日間に
honest-since = { $day }以降
honest-noticed = { $span }、このページは{ $n ->
    [0] 障害を検知していません
   *[other] { $n }件の障害を検知しました
}{ $delays }
honest-one = （最初の兆候から{ $all }以内）
honest-all = （すべて最初の兆候から{ $all }以内）
honest-half = （半数は最初の兆候から{ $half }以内、すべて{ $all }以内）
honest-false = { $n ->
   *[other] { $n }件の障害は解決済みとするのが早すぎました
}
honest-withdrawn = { $n ->
   *[other] { $n }件の障害は取り下げられました
}
honest-blind = { $span }の間はデータを取得できませんでした
honest-join = 。
honest-end = 。

## What we write into incidents. The text of an event or a report stands last.

wrote-unseen = { $at }の変更以降、障害は発生していませんが、まだ解決済みとすることはできません。
wrote-ongoing = 障害は継続しています。
wrote-waiting = まだ解決済みとすることはできません。
wrote-cured = { $at }の変更以降、{ $names }は復旧しています。
wrote-again = 再び障害が発生しています。
wrote-eased = 「{ $severity }」から引き下げました。失敗していたチェックは{ $span }の間、正常です。
wrote-over = { $since }に復旧しました。障害は{ $span }続きました。
wrote-planned = メンテナンス時間：{ $from }～{ $until }。
wrote-begun = メンテナンスを開始しました。
wrote-begun-until = メンテナンスを開始しました。終了予定は{ $until }です。
wrote-extended = 予定が変更されました。メンテナンスの終了予定は{ $until }です。
wrote-done = メンテナンスが完了しました。
wrote-cancelled = このメンテナンスは中止になりました。
wrote-stopped = このメンテナンスは途中で中断しました。
wrote-event = { $at }：{ $text }
wrote-first-report = 利用者からの最初の報告：{ $text }
wrote-report = 利用者からの報告：{ $text }
wrote-reopened = 問題が再発しました。
wrote-withdrawn = これは誤報でした。問題は発生していません。取り下げました。
wrote-published = 何が起きたか、そこから何を学んだかを公開しました。
our-systems = 当社のシステム
less-than = { $span }未満

## What was seen or reported

seen-restarted = { $names }が再起動しました。
seen-restarted-again = { $names }がさらに{ $more }回再起動しました。
seen-flushed = コマンドにより{ $names }のデータが削除されました。
seen-flushed-again = { $names }のデータがさらに{ $more }回削除されました。
seen-collapsed = { $names }のデータの大半が失われました。
seen-limit = { $names }のメモリ上限が{ $before }から{ $after }に変更されました。
seen-limit-removed = { $names }のメモリ上限が解除されました（以前は{ $before }）。
seen-limit-set = { $names }のメモリ上限が{ $after }に設定されました（以前は上限なし）。
seen-a-store = データストア
seen-store = データストア
seen-process = サービスのプロセス
row-others = { $names }ほか{ $n }件
provider-reports = { $name }からの報告：{ $text }
reports-fails = { $name }が動作しません
reports-something = 何かが動作しません

## Post-mortems

mortem-background = 背景
mortem-problem = 問題
mortem-solution = 対応
mortem-timeline = 経過
mortem-continued = 経過（続き）
mortem-future = 今後の対策
mortem-unwritten = この節は担当チームがまだ執筆していません。
record-update = { $word }：{ $text }
record-first = 最初の異常な測定
record-end = 復旧後の最初の正常な測定
record-first-report = 利用者からの最初の報告：{ $text }
record-report = 利用者からの報告：{ $text }
record-release = リリース：{ $text }
record-restart = 再起動：{ $text }
record-flush = データ削除：{ $text }
record-limit = 上限の変更：{ $text }
record-provider = プロバイダーからの報告：{ $text }
record-what = 出来事
record-more = ほか{ $n }件
record-noticed = 障害は最初の異常な測定から{ $span }後に記録されました。
record-resolved = 最初の正常な測定から{ $span }後に解決済みとしました。
worst-metric = 指標
worst-value = 最悪値
worst-when = 時刻
worst-threshold = しきい値
worst-above = { $value }超
worst-below = { $value }未満
worst-off = { $value }以外
picture-title = { $title }（測定値）
picture-threshold = しきい値

chart-range = { $from }～{ $until }
chart-values = 値は{ $low }から{ $high }の範囲で、最高値は{ $at }です。
chart-empty = データなし。
chart-shades = { $n }件のインシデントを網掛けで示しています。
chart-shaded = 網掛け：{ $label }、{ $from }～{ $until }。
chart-shaded-since = 網掛け：{ $label }、{ $from }から。
chart-gaps = データのない区間があります。
chart-limit = 上限
chart-warning = 警告

## Messages of notifiers

notify-headline = { $word }：{ $title }
notify-down = 停止
notify-disrupted = 一部障害
notify-notice = お知らせ
notify-down-again = 再び停止
notify-disrupted-again = 再び障害
notify-notice-again = 再度のお知らせ
notify-down-still = 停止が続いています
notify-disrupted-still = 障害が続いています
notify-notice-still = 継続中
notify-missed = お知らせする前に収束しました
notify-withdrawn = 取り下げ
notify-announced = 計画メンテナンス
notify-upcoming = まもなくメンテナンス
notify-rescheduled = メンテナンス日時の変更
notify-begun = メンテナンス開始
notify-extended = メンテナンス延長
notify-completed = メンテナンス完了
notify-cancelled = メンテナンス中止
notify-operators = 運用担当者向け
notify-settled = 対応済み
notify-affected = 影響範囲
notify-started = 開始
notify-ended = 終了
notify-from = 開始
notify-until = 終了予定
notify-earlier = これまでの経過
notify-test = テスト
notify-test-title = このメッセージは無視してください
notify-test-text = 通知先 { $name } のテストです。何も起きていません。

## メール

mail-earlier = これまでの更新
mail-details = 詳細を見る
mail-digest-subject = { $site }：{ $n }件の更新
mail-digest-text = 複数の出来事が同時に発生したため、1通にまとめてお送りします。
mail-confirm-subject = { $site }の購読を確認してください
mail-confirm-text = このアドレスで{ $site }の障害とメンテナンスのお知らせを受け取るには、購読を確認してください。
mail-confirm-button = 購読を確認する
mail-confirm-ignore = お心当たりがない場合は、このメールを破棄してください。今後メールが届くことはありません。
mail-link-until = リンクの有効期限は{ $until }です。
mail-manage-subject = { $site }の購読について
mail-manage-text = { $site }から受け取るお知らせの内容を選べます。購読の解除もできます。
mail-manage-button = 購読を管理する
mail-report-subject = { $site }：稼働率（{ $from }～{ $until }）
mail-report-none = 障害はありませんでした。
mail-why-subscriber = このメールは、{ $site }の更新情報を購読している方にお送りしています。
mail-why-fixed = このメールは、{ $site }の受信者として設定されたアドレスにお送りしています。
mail-unsubscribe = 購読を解除する
