# ページの言葉、日本語。

## 状態

state-ok = 正常
state-maintenance = メンテナンス
state-unknown = 確認できません
state-notice = お知らせ
state-disrupted = 一部に支障
state-down = 停止
phase-investigating = 調査中
phase-identified = 原因判明
phase-monitoring = 経過観察中
phase-resolved = 解決
phase-update = 続報
phase-event = 出来事
phase-scheduled = 予定
phase-in-progress = 実施中
phase-completed = 完了
phase-cancelled = 中止
stage-scheduled = 予定
stage-in-progress = 実施中
stage-overdue = 予定超過
stage-completed = 完了
stage-cancelled = 中止
word-post = お知らせ
word-resolved = 解決
author-rule = ルールが検知
author-person = 担当者が記入

## 最初のページの見出し

banner-fine = すべて正常に動いています。
banner-notice = すべて正常に動いています。下のお知らせをご覧ください。
banner-blind = { $since }からシステムを確認できていません。
banner-blind-more = 表示の内容は古い可能性があります。
banner-maintenance = { $until }まで計画メンテナンス中です。
banner-maintenance-open = 計画メンテナンス中です。
banner-watched = { $since }から再び動いています。
banner-watched-more = { $until }まで様子を見てから終了とします。
unwell-maintenance = 計画メンテナンス中です。
unwell-many-maintenance = 計画メンテナンス中です。
unwell-unknown = { $names }の状態を確認できません。
unwell-many-unknown = { $n }件の状態を確認できません。
unwell-notice = すべて正常に動いています。{ $names }にお知らせがあります。
unwell-many-notice = すべて正常に動いています。{ $n }件にお知らせがあります。
unwell-disrupted = { $names }に支障が出ています。
unwell-many-disrupted = { $n }件に支障が出ています。
unwell-down = { $names }が停止しています。
unwell-many-down = { $n }件が停止しています。
lasting = { $span }前から
started = { $since }に始まりました。
one-affected = { $name }に影響があります。
some-affected = { $n }件に影響があります。
next-word = 次のお知らせは{ $until }までに行います。
more-open = ほかに{ $n }件の障害が続いています。
measured-at = { $clock }に測定。
measured-ago = { $span }前に測定。
impact-wait = { $what } { $count }件が待っています。最長の待ち時間は{ $wait }（通常は{ $usual }）。
impact-count = { $what } { $count }件が待っています。
impact-growing = 悪化しています：毎分およそ{ $count }件ずつ増えています。
impact-falling = 改善しています：残りおよそ{ $span }。
impact-falling-slowly = ゆっくり改善しています。
impact-still = 良くも悪くもなっていません。
between-sentences = { "" }
waits = 終了とする前に
wait-failing = { $names }が再び動くこと。
wait-unseen = { $names }を確認できること。
wait-backlog = { $what } { $count }件の処理が終わること。
wait-capacity = 能力を超える負荷がかかりえます。まずその解決が必要です。
wait-changed = { $since }に変更があったため、そこから様子を見ています。
wait-hold = 正常です。{ $until }まで続くことを確かめます。
wait-hold-open = 正常です。しばらく続くことを確かめます。
wait-person = 終了は担当者が決めます。

## 最初のページ

open-incidents = 続いている障害
announcements = お知らせ
components = コンポーネント
all-updates = すべての経過
report-ask = ここにない問題がありますか？
reported = 提供元からの報告
reported-more = 提供元自身の発表です。ここでの原因とは限りません。
past = 最近の日々
nothing = 報告はありません
before = それ以前
all-incidents = すべての障害
and-more = ほか{ $n }件
until = { $until }まで

## 日

days-label = 確認できた{ $days }日：確認できた時間の{ $share }が正常
days-hint = 矢印キーで日を移動します。
share-of = { $span }の{ $share }
apart-unseen = { $span }確認できず
apart-maintenance = { $span }メンテナンス
day-early = 測定前
day-unseen = 確認できず
day-fine = 正常
day-down = { $span }停止
day-disrupted = { $span }支障
day-maintenance = { $span }メンテナンス
day-partly-unseen = { $span }確認できず
legend = 棒は一日ずつで、右端が今日です。失われた時間の分だけ上が欠けます。割合は直近90日のものです。

## ページ

skip = 本文へ
status-suffix = { " " }ステータス
nav-pages = ページ
nav-more = その他のページ
nav-status = ステータス
nav-history = 履歴
nav-maintenance = メンテナンス
nav-subscribe = 購読
nav-report = 問題を報告
zone = 時刻は{ $zone }です。
theme-light = 明るい配色
theme-dark = 暗い配色
live-changed = ページが更新されました：
page-stale = このページは{ "{}" }から更新されていません。内容は古い可能性があります。
to-status = ステータスへ
began = 開始
over = 終了
planned-until = 終了予定
duration = 長さ
lasted = { $span }続きました
severity = 重大さ
affected = 影響
timeline = 経過
neighbours = ほかの障害
older = 前
newer = 次
days-heading = 直近90日
days-table = 日ごとの表
days-table-day = 日
days-table-what = 状態
uptime = 稼働率
uptime-span = 期間
uptime-share = 稼働
uptime-more = 確認できた時間に対する割合です。確認できなかった時間とメンテナンスは含みません。
span-day = 24時間
span-week = 7日
span-month = 30日
span-quarter = 90日
span-year = 365日
incidents-heading = 障害
none-written = まだ何も書かれていません。
visit = 開く
follow = 購読
badge = バッジ
history = 履歴
undated = 日付なし
search = 検索
search-words = 言葉
search-component = コンポーネント
search-any = すべて
search-all = すべて表示
found = { $n ->
    [0] 見つかりませんでした。
   *[other] { $n }件見つかりました。
}
cut = 新しい{ $n }件を表示しています。月を選ぶか検索してください。
years = 年と月
incidents = { $n }件
works-open = 実施中と予定
works-none = 予定されたメンテナンスはありません。
works-done = 完了
works-calendar = 計画メンテナンスのカレンダーを追加
from-until = { $from }から{ $until }まで
from = { $from }から
ahead = { $span }後
subscribe-title = 通知を受ける
subscribe-text = 何かが起きたときの知らせ方を選べます。アカウントは不要です。
way-feed = フィード
way-feed-text = フィードリーダーやチャット向け：すべての障害とその経過。
way-calendar = カレンダー
way-calendar-text = 計画メンテナンスをお手元のカレンダーに。
way-programs = プログラム
way-programs-text = 同じ内容のJSONと、その説明。
way-parts = コンポーネントごと
way-parts-text = それぞれのフィード。
way-embed = ご自分のサイトに
way-embed-text = 一行で、ページの上部に状態を表示できます。
report-title = 問題を報告
report-text = 押すだけで十分です。早く気づく助けになります。
report-known = すでに把握しています：
report-what = 何に問題がありますか？
report-unknown = わかりません
report-send = うまく動きません
report-privacy = 報告の数だけを数えます。送信者の情報は残しません。
report-taken = ありがとうございます。
report-taken-text = 報告を数えました。わかっていることはステータスページにあります。
report-refused = ありがとうございます。今は十分です。
report-refused-text = 短い間に多くの報告がありました。すでに気づいています。
report-lost = 報告は数えられませんでした。
report-foreign = 別のサイトのページから送られました。このページから送ってください。
report-unclear = このページにないものが指定されました。もう一度選んでください。
report-unnoted = 今は記録できませんでした。1分ほどしてからもう一度お試しください。
not-found = そのページはありません。
not-found-text = アドレスが違うか、ページがなくなった可能性があります。
failed = このページを表示できません。
failed-text = こちらに通知されています。最初のページは表示できるかもしれません。

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

figures = 過去1日の測定値
figure-now = 現在 { $value }
figure-table = 表で見る
figure-from = 開始
figure-lowest = 最小
figure-mean = 平均
figure-highest = 最大
figure-none = 測定値はありません。
figure-spans = 期間
figure-hour = 過去1時間
figure-day = 過去1日
figure-week = 過去1週間
figure-30-days = 過去30日
figure-90-days = 過去90日
evidence = 測定されたもの

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
   *[other] { $n }件の復旧告知は早すぎました
}
honest-withdrawn = { $n ->
   *[other] { $n }件は取り下げられました
}
honest-blind = { $span }の間は観測できませんでした
honest-join = 。
honest-end = 。
