# 페이지 문구, 한국어.

## 상태

state-ok = 정상
state-unmeasured = 보고된 장애 없음
state-maintenance = 점검 중
state-unknown = 데이터 없음
state-notice = 안내
state-disrupted = 일부 장애
state-down = 서비스 중단
phase-investigating = 조사 중
phase-identified = 원인 확인
phase-monitoring = 모니터링 중
phase-resolved = 해결됨
phase-update = 업데이트
phase-event = 이벤트
phase-scheduled = 예정
phase-in-progress = 진행 중
phase-completed = 완료
phase-cancelled = 취소
phase-post-mortem = 사후 분석
stage-scheduled = 예정
stage-in-progress = 진행 중
stage-overdue = 예정 시간 초과
stage-completed = 완료
stage-cancelled = 취소
word-post = 공지
word-resolved = 해결됨
word-withdrawn = 철회됨
author-rule = 자동 게시
author-person = 담당 팀이 게시
author-named = { $name } 게시

## 첫 페이지 머리글

banner-fine = 모든 시스템이 정상입니다.
banner-notice = 모든 시스템이 정상입니다. 아래 안내를 확인해 주세요.
banner-unmeasured = 보고된 장애가 없습니다.
banner-unmeasured-notice = 아래 안내를 확인해 주세요.
banner-empty = 아직 모니터링하는 항목이 없습니다.
banner-blind = { $since }부터 시스템 데이터를 받지 못하고 있습니다.
banner-blind-more = 이 페이지의 정보가 최신이 아닐 수 있습니다.
banner-maintenance = { $until }까지 예정된 점검을 진행합니다.
banner-maintenance-open = 예정된 점검을 진행하고 있습니다.
banner-watched = { $since }부터 다시 정상입니다.
banner-watched-more = 모니터링하고 있습니다. 계속 안정적이면 { $until }쯤 해결된 것으로 표시합니다.
banner-watched-held = { $until } 이전에는 해결된 것으로 표시하지 않습니다.
unwell-maintenance = 예정된 점검을 진행하고 있습니다.
unwell-many-maintenance = 예정된 점검을 진행하고 있습니다.
unwell-unknown = { $names }의 데이터가 없습니다.
unwell-many-unknown = 구성 요소 { $n }개의 데이터가 없습니다.
unwell-notice = 모든 시스템이 정상입니다. { $names } 관련 안내가 있습니다.
unwell-many-notice = 모든 시스템이 정상입니다. 구성 요소 { $n }개에 대한 안내가 있습니다.
unwell-disrupted = { $names }에 일부 장애가 있습니다.
unwell-many-disrupted = 구성 요소 { $n }개에 일부 장애가 있습니다.
unwell-down = { $names } 서비스가 중단되었습니다.
unwell-many-down = 구성 요소 { $n }개가 중단되었습니다.
lasting = { $span }째
started = 시작: { $since }.
affects = 영향 범위: { $names }.
affects-more = 영향 범위: { $names } 외 { $n }개.
next-word = 다음 업데이트는 { $until }까지 게시합니다.
more-open = 진행 중인 장애가 { $n }건 더 있습니다.
resolved-ago = { $span } 전에 해결됨:
post-mortem-ago = { $span } 전에 사후 분석 공개:
works-in = { $name } { $span }
works-from-here = 여기서는 정상입니다: { $names } ({ $clock } 확인).
visitors-reported = 최근 10분 동안 방문자 { $count }명이 이 문제를 신고했습니다.
measured-at = 마지막 확인: { $clock }.
measured-ago = 마지막 확인: { $span } 전.
ago = { $span } 전
impact-wait = { $what } { $count }건이 대기 중입니다. 최장 대기 시간은 { $wait }이며 평소에는 { $usual }입니다.
impact-count = { $what } { $count }건이 대기 중입니다.
impact-growing = 대기 건수가 1분에 약 { $count }건씩 늘고 있습니다.
impact-falling = 대기 건수가 줄고 있으며 약 { $span } 후 모두 처리될 것으로 보입니다.
impact-falling-slowly = 대기 건수가 천천히 줄고 있습니다.
impact-still = 대기 건수가 늘지도 줄지도 않고 있습니다.
between-sentences = { " " }
waits = 해결된 것으로 표시하기 위한 조건
wait-failing = 다음 항목이 다시 정상이어야 합니다: { $names }.
wait-unseen = { $names }의 데이터를 다시 받아야 합니다.
wait-backlog = 대기 중인 { $what } { $count }건이 줄어야 합니다.
wait-capacity = 알려진 용량 부족 위험을 해결해야 합니다.
wait-changed = { $since }에 변경이 있어 그때부터 다시 모니터링하고 있습니다.
wait-hold = { $since }부터 오류가 없습니다. { $until }까지 모니터링합니다.
wait-settling = { $since }부터 오류가 없습니다. 이 상태가 유지되어야 합니다.
wait-hold-open = 한동안 안정적이어야 합니다.
wait-person = 담당 팀이 해결을 확인해야 합니다.

## 첫 페이지

open-incidents = 진행 중인 장애
announcements = 공지
components = 구성 요소
all-updates = 모든 업데이트
report-ask = 여기에 없는 문제가 있나요?
reported = 공급업체 알림
reported-more = 공급업체의 상태 페이지 내용이며 관련이 없을 수 있습니다.
past = 지난 장애
nothing = 보고된 장애 없음
before = 이전
all-incidents = 모든 장애
and-more = { $n }건 더 보기
until = { $until }까지

## 날짜

days-label = 데이터가 있는 { $days }일 동안 가동률 { $share }
days-hint = 화살표 키로 날짜를 이동할 수 있습니다.
share-of = { $span } 동안 { $share }
since-today = 오늘 { $clock }부터
since-day = { $day }부터
gap-note = 모니터링이 중단된 적이 있습니다. 데이터 없음: { $days }.
gap-days = { $days } ({ $span })
gap-more = 그 이전 { $n }회
apart-unseen = 데이터 없음 { $span }
apart-maintenance = 점검 { $span }
day-early = 아직 데이터 없음
day-unseen = 데이터 없음
day-fine = 정상
day-down = 서비스 중단 { $span }
day-disrupted = 일부 장애 { $span }
day-maintenance = 점검 { $span }
day-partly-unseen = 데이터 없음 { $span }
legend = 막대 하나가 하루이며 맨 오른쪽이 오늘입니다. 장애 시간만큼 막대 위쪽이 잘립니다.

## 페이지

skip = 본문으로 이동
status-suffix = { " " }상태
nav-pages = 페이지
nav-more = 다른 페이지
nav-status = 상태
nav-history = 기록
nav-maintenance = 점검
nav-subscribe = 구독
nav-report = 문제 신고
zone = 모든 시각은 { $zone } 기준입니다.
theme-light = 밝은 테마
theme-dark = 어두운 테마
live-changed = 상태 업데이트:
page-stale = 이 페이지는 { "{}" }부터 업데이트되지 않았습니다. 정보가 최신이 아닐 수 있습니다.

# What the team decided about checks of a component that fail.
silenced-until = 담당 팀이 { $until }까지 이 구성 요소의 알림을 껐습니다.
silenced-overruled = 담당 팀이 아직 실패하는 검사 하나를 제외했습니다.
to-status = 현재 상태
began = 시작
over = 종료
planned-until = 종료 예정
duration = 지속 시간
lasted-for = 지속 시간
lasting-span = { $span }
flaps = 복구 후 재발 { $n }회
lasted = { $span } 지속
severity = 심각도
affected = 영향받는 구성 요소
timeline = 경과
neighbours = 다른 장애
older = 이전
newer = 다음
days-heading = 최근 90일
days-heading-month = 최근 30일
days-table = 일별 현황
days-table-day = 날짜
days-table-what = 상태
uptime = 가동률
uptime-span = 기간
uptime-share = 가동률
uptime-more = 가동률은 데이터가 있는 시간을 기준으로 계산합니다. 데이터가 없는 시간과 점검 시간은 포함하지 않습니다.
span-day = 24시간
span-week = 7일
span-month = 30일
span-quarter = 90일
span-year = 365일
incidents-heading = 장애
none-written = 아직 기록된 장애가 없습니다.
visit = 방문
follow = 이 구성 요소 구독
badge = 배지
history = 기록
undated = 날짜 없음
search = 검색
search-words = 키워드
search-component = 구성 요소
search-any = 전체
search-all = 모두 보기
found = { $n ->
    [0] 결과가 없습니다.
   *[other] 결과 { $n }건.
}
cut = 최신 { $n }건을 표시합니다. 더 보려면 월을 선택하거나 검색해 주세요.
years = 연도와 월별
incidents = 장애 { $n }건
works-open = 진행 중 및 예정
works-none = 예정된 점검이 없습니다.
works-done = 완료
works-calendar = 예정된 점검을 캘린더에 추가
from-until = { $from }부터 { $until }까지
from = { $from }부터
ahead = { $span } 후
subscribe-title = 업데이트 구독
subscribe-text = 장애와 점검 소식을 받을 방법을 선택하세요. 계정은 필요 없습니다.
way-feed = 피드
way-feed-text = 모든 장애와 업데이트를 피드 리더와 채팅 앱에서 받아 볼 수 있습니다.
way-calendar = 캘린더
way-calendar-text = 예정된 점검을 캘린더에서 확인할 수 있습니다.
way-programs = API
way-programs-text = 같은 정보를 JSON으로 제공하며 문서도 있습니다.
way-parts = 개별 구성 요소
way-parts-text = 구성 요소마다 별도의 피드가 있습니다.
way-embed = 내 사이트에 표시
way-embed-text = 코드 한 줄로 페이지 맨 위에 상태를 표시할 수 있습니다.

language-name = 한국어
subscribe-mail = 이메일
subscribe-mail-text = 먼저 링크를 보내 드립니다. 링크를 열어 확인하기 전에는 다른 메일을 보내지 않습니다.
subscribe-address = 이메일 주소
subscribe-options = 받을 내용 선택
subscribe-kinds = 받을 내용
subscribe-incidents = 장애
subscribe-maintenance = 예정된 점검
subscribe-report = 가동률 보고서
subscribe-report-none = 받지 않음
subscribe-report-weekly = 매주
subscribe-report-monthly = 매월
subscribe-components = 구성 요소
subscribe-components-text = 아무것도 선택하지 않으면 모든 구성 요소의 소식을 받습니다.
subscribe-language = 이메일 언어
subscribe-privacy = 주소는 이 이메일을 보내는 데만 사용합니다. 모든 이메일에 구독 취소 링크가 있으며, 취소하면 주소를 삭제합니다.
subscribe-asked = 받은편지함을 확인하세요.
subscribe-asked-text = 이 주소로 이메일을 받을 수 있다면 링크를 보내 드렸습니다. 링크는 48시간 동안 유효합니다. 몇 분이 지나도 오지 않으면 스팸함을 확인하거나 나중에 다시 시도하세요.
subscribe-refused = 보내신 내용이 접수되지 않았습니다.
subscribe-no-address = 사용할 수 없는 이메일 주소입니다. 다시 확인해 주세요.
subscribe-nothing = 아무것도 선택하지 않아 보내 드릴 내용이 없습니다. 하나 이상 선택하거나 구독을 취소하세요.
subscribe-confirm = 구독을 확인하시겠습니까?
subscribe-confirm-text = 확인하신 후에만 이메일을 보내 드립니다. 직접 요청하지 않으셨다면 이 페이지를 닫으세요. 아무것도 보내지 않습니다.
subscribe-confirm-send = 구독 확인
subscribe-done = 구독이 완료되었습니다.
subscribe-manage = 내 구독
subscribe-manage-text = 언제든지 여기에서 변경할 수 있습니다. 모든 이메일에 이 페이지의 링크가 있습니다.
subscribe-save = 저장
subscribe-saved = 변경 사항을 저장했습니다.
subscribe-leave = 모든 이메일 구독을 취소하시겠습니까?
subscribe-leave-text = 주소를 삭제하고 더 이상 아무것도 보내지 않습니다.
subscribe-leave-send = 구독 취소
subscribe-left = 구독이 취소되었습니다.
subscribe-left-text = 주소를 삭제했으며 더 이상 이메일을 보내지 않습니다.
subscribe-unknown = 이 링크는 더 이상 사용할 수 없습니다.
subscribe-unknown-text = 링크가 불완전하거나 만료되었을 수 있습니다. 주소를 다시 입력하면 새 링크를 받을 수 있습니다.
report-title = 문제 신고
report-text = 클릭 한 번이면 됩니다. 신고해 주시면 문제를 더 빨리 알아챌 수 있습니다.
report-known = 이미 파악한 문제:
report-what = 무엇이 작동하지 않나요?
report-unknown = 잘 모르겠음
report-send = 저는 작동하지 않아요
report-privacy = 신고 건수만 집계하며 보낸 사람은 저장하지 않습니다.
report-taken = 감사합니다.
report-taken-text = 신고가 집계되었습니다. 현재까지 파악한 내용은 상태 페이지에 있습니다.
report-refused = 감사합니다. 지금은 신고가 충분히 접수되었습니다.
report-refused-text = 사용 중인 네트워크나 다른 많은 방문자로부터 최근 신고를 이미 받았습니다.
report-lost = 신고가 집계되지 않았습니다.
report-foreign = 다른 웹사이트에서 전송되었습니다. 이 사이트에서 보내 주세요.
report-unclear = 이 페이지에 없는 항목입니다. 다시 선택해 주세요.
report-unnoted = 지금은 저장하지 못했습니다. 1분 후 다시 시도해 주세요.
not-found = 페이지를 찾을 수 없습니다.
not-found-text = 주소가 잘못되었거나 페이지가 삭제되었을 수 있습니다.
failed = 이 페이지를 표시할 수 없습니다.
failed-text = 오류가 기록되었습니다. 상태 페이지는 작동할 수 있습니다.

## 숫자, 시간, 목록

number-group = ,
number-point = .
percent = { $number }%
row = { $first } 및 { $last }
row-comma = ,{ " " }
unit-s = { $n }초
unit-min = { $n }분
unit-h = { $n }시간
unit-d = { $n }일
span = { $first } { $second }
day = { $number }월{ "\u00A0" }{ $day }일
day-and-year = { $year }년 { $number }월 { $day }일
day-and-clock = { $day } { $clock }
weekday-and-day = { $day } { $weekday }
month-and-year = { $year }년 { $number }월
days = { $from }~{ $to }
days-of-month = { $from }~{ $to }
weekday-1 = 월요일
weekday-2 = 화요일
weekday-3 = 수요일
weekday-4 = 목요일
weekday-5 = 금요일
weekday-6 = 토요일
weekday-7 = 일요일
month-1 = 1월
month-2 = 2월
month-3 = 3월
month-4 = 4월
month-5 = 5월
month-6 = 6월
month-7 = 7월
month-8 = 8월
month-9 = 9월
month-10 = 10월
month-11 = 11월
month-12 = 12월

## Figures

figures = 최근 24시간 지표
figure-now = 현재 { $value }, { $ago }
figure-unseen = { $since }부터 데이터 없음
figures-all = 지표
figure-table = 표로 보기
figure-from = 시작
figure-lowest = 최저
figure-mean = 평균
figure-highest = 최고
figure-none = 데이터가 없습니다.
figure-spans = 기간
figure-hour = 최근 1시간
figure-day = 최근 24시간
figure-week = 최근 7일
figure-30-days = 최근 30일
figure-90-days = 최근 90일
evidence = 측정값
recorded-data = 기록된 데이터

## What the page says of itself

honest-days = 최근 { $days }일 동안
honest-since = { $day }부터
honest-noticed = { $span } 이 페이지가 감지한 장애는 { $n ->
    [0] 없습니다
   *[other] { $n }건입니다
}{ $delays }
honest-one = { " " }(첫 징후 후 { $all } 이내)
honest-all = { " " }(모두 첫 징후 후 { $all } 이내)
honest-half = { " " }(절반은 첫 징후 후 { $half } 이내, 모두 { $all } 이내)
honest-false = 장애 { $n }건을 너무 일찍 해결된 것으로 표시했습니다
honest-withdrawn = 장애 { $n }건을 철회했습니다
honest-blind = { $span } 동안 데이터가 없었습니다
honest-join = .{ " " }
honest-end = .

## 장애에 기록하는 문구. 이벤트나 신고의 내용은 마지막에 옵니다.

wrote-unseen = { $at } 변경 이후 오류가 없지만 아직 해결된 것으로 표시할 수 없습니다.
wrote-ongoing = 장애가 계속되고 있습니다.
wrote-waiting = 아직 해결된 것으로 표시할 수 없습니다.
wrote-cured = { $at } 변경 이후 다시 정상입니다: { $names }.
wrote-again = 오류가 다시 발생하고 있습니다.
wrote-eased = 심각도를 낮췄습니다(이전: “{ $severity }”). 실패하던 검사가 { $span } 동안 정상입니다.
wrote-over = { $since }부터 정상입니다. 장애는 { $span } 동안 지속되었습니다.
wrote-planned = 점검 시간: { $from } ~ { $until }.
wrote-begun = 점검을 시작했습니다.
wrote-begun-until = 점검을 시작했습니다. 종료 예정: { $until }.
wrote-extended = 일정이 변경되었습니다. 새 점검 종료 예정: { $until }.
wrote-done = 점검을 완료했습니다.
wrote-cancelled = 이 점검은 취소되었습니다.
wrote-stopped = 이 점검을 예정보다 일찍 마쳤습니다.
wrote-event = { $at }: { $text }
wrote-first-report = 첫 사용자 신고: { $text }
wrote-report = 사용자 신고: { $text }
wrote-reopened = 문제가 다시 발생했습니다.
wrote-withdrawn = 오경보였으며 모두 정상이었습니다. 이 장애를 철회했습니다.
wrote-published = 무슨 일이 있었고 무엇을 배웠는지 공개했습니다.
our-systems = 모든 시스템
less-than = { $span } 미만

## 감지되거나 신고된 내용

seen-restarted = 다시 시작됨: { $names }.
seen-restarted-again = { $more }회 더 다시 시작됨: { $names }.
seen-flushed = 명령으로 데이터가 삭제됨: { $names }.
seen-flushed-again = 명령으로 데이터가 { $more }회 더 삭제됨: { $names }.
seen-collapsed = 데이터 대부분이 사라짐: { $names }.
seen-limit = 메모리 한도가 { $before }에서 { $after }(으)로 변경됨: { $names }.
seen-limit-removed = 메모리 한도가 해제됨(이전: { $before }): { $names }.
seen-limit-set = 메모리 한도가 { $after }(으)로 설정됨(이전에는 한도 없음): { $names }.
seen-a-store = 데이터 저장소
seen-store = 데이터 저장소
seen-process = 서비스 프로세스
row-others = { $names } 외 { $n }개
provider-reports = { $name } 알림: { $text }
reports-fails = { $name } 작동하지 않음
reports-something = 작동하지 않는 항목이 있음

## 사후 분석

mortem-background = 배경
mortem-problem = 문제
mortem-solution = 해결 방법
mortem-timeline = 경과
mortem-continued = 경과 (계속)
mortem-future = 향후 조치
mortem-unwritten = 담당 팀이 아직 이 부분을 작성하지 않았습니다.
record-update = { $word }: { $text }
record-first = 첫 비정상 측정
record-end = 복구 후 첫 정상 측정
record-first-report = 첫 사용자 신고: { $text }
record-report = 사용자 신고: { $text }
record-release = 배포: { $text }
record-restart = 재시작: { $text }
record-flush = 데이터 삭제: { $text }
record-limit = 한도 변경: { $text }
record-provider = 공급업체 알림: { $text }
record-what = 발생한 일
record-more = { $n }건 더
record-noticed = 첫 비정상 측정 후 { $span } 만에 장애를 기록했습니다.
record-resolved = 첫 정상 측정 후 { $span } 만에 해결된 것으로 표시했습니다.
worst-metric = 지표
worst-value = 최악의 값
worst-when = 시각
worst-threshold = 임계값
worst-above = { $value } 초과
worst-below = { $value } 미만
worst-off = { $value }와 다름
picture-title = { $title }, 측정값
picture-threshold = 임계값

chart-range = { $from } ~ { $until }
chart-values = 값은 { $low }에서 { $high } 사이이며, 가장 높은 값은 { $at }에 측정되었습니다.
chart-empty = 데이터 없음.
chart-shades = 인시던트 { $n }건이 음영으로 표시되어 있습니다.
chart-shaded = 음영: { $label }, { $from } ~ { $until }.
chart-shaded-since = 음영: { $label }, { $from }부터.
chart-gaps = 데이터가 없는 구간이 있습니다.
chart-limit = 한도
chart-warning = 경고

## Messages of notifiers

notify-headline = { $word }: { $title }
notify-down = 서비스 중단
notify-disrupted = 일부 장애
notify-notice = 안내
notify-down-again = 서비스 다시 중단
notify-disrupted-again = 장애 재발
notify-notice-again = 다시 안내
notify-down-still = 서비스 중단 지속
notify-disrupted-still = 장애 지속
notify-notice-still = 계속 진행 중
notify-missed = 알려 드리기 전에 종료됨
notify-withdrawn = 철회됨
notify-announced = 예정된 점검
notify-upcoming = 곧 점검 시작
notify-rescheduled = 점검 일정 변경
notify-begun = 점검 시작
notify-extended = 점검 연장
notify-completed = 점검 완료
notify-cancelled = 점검 취소
notify-operators = 운영자 알림
notify-settled = 처리됨
notify-affected = 영향 범위
notify-started = 시작
notify-ended = 종료
notify-from = 시작
notify-until = 종료
notify-earlier = 이전 소식
notify-test = 테스트
notify-test-title = 이 메시지는 무시하세요
notify-test-text = { $name } 수신자 테스트입니다. 아무 일도 없습니다.

## 이메일

mail-earlier = 이전 업데이트
mail-details = 자세히 보기
mail-digest-subject = { $site }: 업데이트 { $n }건
mail-digest-text = 여러 일이 한꺼번에 발생하여 한 통에 모아 보내 드립니다.
mail-confirm-subject = { $site } 구독을 확인해 주세요
mail-confirm-text = 이 주소로 { $site }의 장애와 점검 소식을 받으려면 구독을 확인해 주세요.
mail-confirm-button = 구독 확인
mail-confirm-ignore = 요청하신 적이 없다면 이 메일을 무시하셔도 됩니다. 더 이상 메일을 보내지 않습니다.
mail-link-until = 링크는 { $until }까지 유효합니다.
mail-manage-subject = { $site } 구독 안내
mail-manage-text = { $site }에서 받을 소식을 선택하거나 구독을 취소할 수 있습니다.
mail-manage-button = 구독 관리
mail-report-subject = { $site }: { $from }~{ $until } 가동률
mail-report-none = 장애가 없었습니다.
mail-why-subscriber = { $site }의 업데이트를 구독하셨기 때문에 이 메일을 보내 드립니다.
mail-why-fixed = 이 주소가 { $site }의 수신자로 설정되어 있어 이 메일을 보내 드립니다.
mail-unsubscribe = 구독 취소
