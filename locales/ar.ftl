# ما تقوله الصفحة، بالعربية.
#
# Names run in any direction: U+2067 and U+2068 set a list or a name apart from its
# sentence, U+2069 ends that, and U+200F keeps the order of a list.

## الحالات

state-ok = يعمل
state-unmeasured = لم يُبلَّغ عن أي حوادث
state-maintenance = صيانة
state-unknown = لا توجد بيانات
state-notice = إشعار
state-disrupted = اضطراب
state-down = متوقف
phase-investigating = قيد التحقيق
phase-identified = تم تحديد السبب
phase-monitoring = قيد المراقبة
phase-resolved = تم الحل
phase-update = تحديث
phase-event = حدث
phase-scheduled = مجدولة
phase-in-progress = جارية
phase-completed = مكتملة
phase-cancelled = ملغاة
phase-post-mortem = تحليل ما بعد الحادث
stage-scheduled = مجدولة
stage-in-progress = جارية
stage-overdue = تجاوزت موعدها
stage-completed = مكتملة
stage-cancelled = ملغاة
word-post = إعلان
word-resolved = تم الحل
word-withdrawn = تم السحب
author-rule = نُشر تلقائيًا
author-person = نشره فريقنا
author-named = نشره { $name }

## رأس الصفحة الأولى

banner-fine = جميع الأنظمة تعمل.
banner-notice = جميع الأنظمة تعمل. يُرجى قراءة الإشعار أدناه.
banner-unmeasured = لم يُبلَّغ عن أي حوادث.
banner-unmeasured-notice = يُرجى قراءة الإشعار أدناه.
banner-empty = لا شيء قيد المراقبة بعد.
banner-blind = لا توجد بيانات من أنظمتنا منذ { $since }.
banner-blind-more = قد تكون المعلومات في هذه الصفحة قديمة.
banner-maintenance = صيانة مجدولة حتى { $until }.
banner-maintenance-open = تجري الآن صيانة مجدولة.
banner-watched = عادت الخدمة إلى العمل منذ { $since }.
banner-watched-more = نراقب الوضع، وسنعتبر المشكلة محلولة نحو { $until } إذا بقي كل شيء مستقرًا.
banner-watched-held = لن نعتبر المشكلة محلولة قبل { $until }.
unwell-maintenance = تجري الآن صيانة مجدولة.
unwell-many-maintenance = تجري الآن صيانة مجدولة.
unwell-unknown = لا توجد بيانات عن { "\u2067" }{ $names }{ "\u2069" }.
unwell-many-unknown = { $n ->
    [few] لا توجد بيانات عن { $n } مكونات.
    [many] لا توجد بيانات عن { $n } مكونًا.
   *[other] لا توجد بيانات عن { $n } مكون.
}
unwell-notice = جميع الأنظمة تعمل. هناك إشعار عن { "\u2067" }{ $names }{ "\u2069" }.
unwell-many-notice = { $n ->
    [few] جميع الأنظمة تعمل. هناك إشعارات عن { $n } مكونات.
    [many] جميع الأنظمة تعمل. هناك إشعارات عن { $n } مكونًا.
   *[other] جميع الأنظمة تعمل. هناك إشعارات عن { $n } مكون.
}
unwell-disrupted = اضطراب في { "\u2067" }{ $names }{ "\u2069" }.
unwell-many-disrupted = { $n ->
    [few] اضطراب في { $n } مكونات.
    [many] اضطراب في { $n } مكونًا.
   *[other] اضطراب في { $n } مكون.
}
unwell-down = الخدمة متوقفة: { "\u2067" }{ $names }{ "\u2069" }.
unwell-many-down = { $n ->
    [few] الخدمة متوقفة في { $n } مكونات.
    [many] الخدمة متوقفة في { $n } مكونًا.
   *[other] الخدمة متوقفة في { $n } مكون.
}
lasting = منذ { $span }
started = البداية: { $since }.
affects = المكونات المتأثرة: { "\u2067" }{ $names }{ "\u2069" }.
affects-more = { $n ->
    [one] المكونات المتأثرة: { "\u2067" }{ $names }{ "\u2069" } ومكون آخر.
    [two] المكونات المتأثرة: { "\u2067" }{ $names }{ "\u2069" } ومكونان آخران.
    [few] المكونات المتأثرة: { "\u2067" }{ $names }{ "\u2069" } و{ $n } مكونات أخرى.
    [many] المكونات المتأثرة: { "\u2067" }{ $names }{ "\u2069" } و{ $n } مكونًا آخر.
   *[other] المكونات المتأثرة: { "\u2067" }{ $names }{ "\u2069" } و{ $n } مكون آخر.
}
next-word = التحديث التالي بحلول { $until }.
more-open = { $n ->
    [one] هناك حادث آخر لا يزال مفتوحًا.
    [two] هناك حادثان آخران لا يزالان مفتوحين.
    [few] هناك { $n } حوادث أخرى لا تزال مفتوحة.
    [many] هناك { $n } حادثًا آخر لا تزال مفتوحة.
   *[other] هناك { $n } حادث آخر لا تزال مفتوحة.
}
resolved-ago = تم الحل قبل { $span }:
post-mortem-ago = نُشر تحليل ما بعد الحادث قبل { $span }:
works-in = { "\u2068" }{ $name }{ "\u2069" } خلال { $span }
works-from-here = يعمل من هنا: { "\u2067" }{ $names }{ "\u2069" } (فُحص في { $clock }).
visitors-reported = بلاغات الزوار عن هذا خلال آخر 10 دقائق: { $count }.
measured-at = آخر فحص في { $clock }.
measured-ago = آخر فحص قبل { $span }.
ago = قبل { $span }
impact-wait = قيد الانتظار: { $count } ({ $what }). أطول انتظار { $wait } بدلًا من المعتاد { $usual }.
impact-count = قيد الانتظار: { $count } ({ $what }).
impact-growing = يزداد عدد المنتظر بنحو { $count } في الدقيقة.
impact-falling = يتناقص عدد المنتظر، ومن المتوقع أن ينتهي خلال نحو { $span }.
impact-falling-slowly = يتناقص عدد المنتظر ببطء.
impact-still = عدد المنتظر لا يزداد ولا يتناقص.
between-sentences = { " " }
waits = ما يجب أن يحدث قبل أن نعتبر المشكلة محلولة
wait-failing = يجب أن تعود إلى العمل: { "\u2067" }{ $names }{ "\u2069" }.
wait-unseen = يجب أن تصلنا من جديد بيانات عن { "\u2067" }{ $names }{ "\u2069" }.
wait-backlog = يجب أن يتناقص عدد المنتظر: { $count } ({ $what }).
wait-capacity = يجب معالجة خطر معروف يتعلق بالسعة.
wait-changed = أُجري تغيير في { $since }، لذلك بدأت المراقبة من جديد.
wait-hold = لا أعطال منذ { $since }. نراقب حتى { $until }.
wait-settling = لا أعطال منذ { $since }. يجب أن يستمر ذلك.
wait-hold-open = يجب أن يبقى الوضع مستقرًا لبعض الوقت.
wait-person = يجب أن يؤكد فريقنا حل المشكلة.

## الصفحة الأولى

open-incidents = الحوادث المفتوحة
announcements = الإعلانات
components = المكونات
all-updates = جميع التحديثات
report-ask = هل هناك عطل غير مذكور هنا؟
reported = ما أبلغ عنه مزودونا
reported-more = من صفحات الحالة لدى مزودينا، وقد لا يكون لذلك صلة.
past = الحوادث السابقة
nothing = لم يُبلَّغ عن أي حوادث
before = قبل ذلك
all-incidents = جميع الحوادث
and-more = { $n ->
    [one] حادث آخر
    [two] حادثان آخران
    [few] { $n } حوادث أخرى
    [many] { $n } حادثًا آخر
   *[other] { $n } حادث آخر
}
until = حتى { $until }

## الأيام

days-label = { $days ->
    [one] التوافر { $share } في يوم واحد تتوفر عنه بيانات
    [two] التوافر { $share } في يومين تتوفر عنهما بيانات
    [few] التوافر { $share } في { $days } أيام تتوفر عنها بيانات
    [many] التوافر { $share } في { $days } يومًا تتوفر عنها بيانات
   *[other] التوافر { $share } في { $days } يوم تتوفر عنها بيانات
}
days-hint = استخدم مفاتيح الأسهم للتنقل بين الأيام.
share-of = { $share } خلال { $span }
since-today = منذ { $clock } اليوم
since-day = منذ { $day }
gap-note = انقطعت المراقبة لدينا. لا توجد بيانات: { $days }.
gap-days = { $days } ({ $span })
gap-more = { $n ->
    [one] مرة واحدة قبل ذلك
    [two] مرتين قبل ذلك
    [few] { $n } مرات قبل ذلك
    [many] { $n } مرة قبل ذلك
   *[other] { $n } مرة قبل ذلك
}
apart-unseen = بلا بيانات { $span }
apart-maintenance = صيانة { $span }
day-early = لا توجد بيانات بعد
day-unseen = لا توجد بيانات
day-fine = يعمل
day-down = متوقف لمدة { $span }
day-disrupted = اضطراب لمدة { $span }
day-maintenance = صيانة لمدة { $span }
day-partly-unseen = بلا بيانات لمدة { $span }
legend = كل عمود يمثل يومًا، واليوم الحالي في أقصى اليسار. يُقتطع الوقت الضائع من أعلى العمود.

## الصفحات

skip = انتقل إلى المحتوى
status-suffix = { " " }– الحالة
nav-pages = الصفحات
nav-more = صفحات أخرى
nav-status = الحالة
nav-history = السجل
nav-maintenance = الصيانة
nav-subscribe = اشترك
nav-report = الإبلاغ عن مشكلة
zone = جميع الأوقات بتوقيت { $zone }.
theme-light = المظهر الفاتح
theme-dark = المظهر الداكن
live-changed = الحالة الجديدة:
page-stale = لم تُحدَّث هذه الصفحة منذ { "{}" }. قد تكون المعلومات فيها قديمة.

# What the team decided about checks of a component that fail.
silenced-until = كتم فريقنا تنبيهات هذا المكون حتى { $until }.
silenced-overruled = قرر فريقنا تجاهل فحص لا يزال يفشل.
to-status = الحالة الآن
began = البداية
over = النهاية
planned-until = النهاية المقررة
duration = المدة
lasted-for = المدة
lasting-span = { $span }
flaps = { $n ->
    [one] عادت الخدمة ثم تعطلت من جديد مرة واحدة
    [two] عادت الخدمة ثم تعطلت من جديد مرتين
    [few] عادت الخدمة ثم تعطلت من جديد { $n } مرات
    [many] عادت الخدمة ثم تعطلت من جديد { $n } مرة
   *[other] عادت الخدمة ثم تعطلت من جديد { $n } مرة
}
lasted = المدة { $span }
severity = الخطورة
affected = المكونات المتأثرة
timeline = التسلسل الزمني
neighbours = حوادث أخرى
older = الأقدم
newer = الأحدث
days-heading = آخر 90 يومًا
days-heading-month = آخر 30 يومًا
days-table = يومًا بيوم
days-table-day = اليوم
days-table-what = الحالة
uptime = التوافر
uptime-span = الفترة
uptime-share = التوافر
uptime-more = يُحسب التوافر من الوقت الذي تتوفر عنه بيانات. لا يُحسب الوقت بلا بيانات ولا وقت الصيانة.
span-day = 24 ساعة
span-week = 7 أيام
span-month = 30 يومًا
span-quarter = 90 يومًا
span-year = 365 يومًا
incidents-heading = الحوادث
none-written = لم تُسجَّل أي حوادث بعد.
visit = زيارة
follow = تابع هذا المكون
badge = شارة
history = السجل
undated = بلا تاريخ
search = بحث
search-words = كلمات البحث
search-component = المكون
search-any = الكل
search-all = عرض الكل
found = { $n ->
    [0] لا توجد نتائج.
    [one] نتيجة واحدة.
    [two] نتيجتان.
    [few] { $n } نتائج.
    [many] { $n } نتيجة.
   *[other] { $n } نتيجة.
}
cut = عدد أحدث الحوادث المعروضة: { $n }. لعرض المزيد، اختر شهرًا أو استخدم البحث.
years = حسب السنة والشهر
incidents = { $n ->
    [zero] لا حوادث
    [one] حادث واحد
    [two] حادثان
    [few] { $n } حوادث
    [many] { $n } حادثًا
   *[other] { $n } حادث
}
works-open = الجارية والمجدولة
works-none = لا توجد صيانة مجدولة.
works-done = المكتملة
works-calendar = أضف الصيانة المجدولة إلى تقويمك
from-until = من { $from } إلى { $until }
from = من { $from }
ahead = بعد { $span }
subscribe-title = الاشتراك في التحديثات
subscribe-text = اختر كيف تريد أن تصلك أخبار الحوادث والصيانة. لا حاجة إلى حساب.
way-feed = موجز ويب
way-feed-text = كل حادث مع جميع تحديثاته، لقارئات الموجزات وتطبيقات المحادثة.
way-calendar = التقويم
way-calendar-text = الصيانة المجدولة في تقويمك.
way-programs = واجهة برمجية (API)
way-programs-text = المعلومات نفسها بصيغة JSON، مع التوثيق.
way-parts = المكونات منفردة
way-parts-text = موجز مستقل لكل مكون.
way-embed = في موقعك
way-embed-text = سطر واحد من الشيفرة يعرض حالتنا أعلى صفحاتك.

language-name = العربية
subscribe-mail = بالبريد الإلكتروني
subscribe-mail-text = نرسل إليك رابطًا أولًا. لن يصلك شيء آخر حتى تفتحه وتؤكد.
subscribe-address = عنوان بريدك الإلكتروني
subscribe-options = اختر ما يصلك
subscribe-kinds = ما نرسله
subscribe-incidents = الأعطال
subscribe-maintenance = الصيانة المجدولة
subscribe-report = تقرير التوفر
subscribe-report-none = لا شيء
subscribe-report-weekly = كل أسبوع
subscribe-report-monthly = كل شهر
subscribe-components = المكونات
subscribe-components-text = إذا لم تحدد أيًا منها، نُعلمك بها جميعًا.
subscribe-language = لغة الرسائل
subscribe-privacy = نستخدم عنوانك لهذه الرسائل فقط. تحتوي كل رسالة على رابط لإلغاء الاشتراك، وعندها نحذف عنوانك.
subscribe-asked = تحقق من بريدك الوارد.
subscribe-asked-text = إذا كان هذا العنوان يستقبل رسائلنا، فالرابط في الطريق إليه. يعمل الرابط لمدة 48 ساعة. إذا لم يصلك شيء خلال دقائق، فتحقق من مجلد الرسائل غير المرغوب فيها أو حاول لاحقًا.
subscribe-refused = لم يُقبل النموذج.
subscribe-no-address = لا يمكننا استخدام عنوان البريد هذا. يُرجى التحقق منه.
subscribe-nothing = لم تحدد شيئًا، ولذلك لن نرسل شيئًا. يُرجى تحديد شيء ما أو إلغاء الاشتراك.
subscribe-confirm = هل تريد تأكيد اشتراكك؟
subscribe-confirm-text = لا نرسل الرسائل إلا بعد تأكيدك. إذا لم تطلب ذلك، فأغلق هذه الصفحة ولن يُرسل شيء.
subscribe-confirm-send = تأكيد الاشتراك
subscribe-done = تم الاشتراك.
subscribe-manage = اشتراكك
subscribe-manage-text = يمكنك تغييره هنا في أي وقت. تحتوي كل رسالة على رابط إلى هذه الصفحة.
subscribe-save = حفظ
subscribe-saved = تم حفظ التغييرات.
subscribe-leave = هل تريد إلغاء الاشتراك في جميع الرسائل؟
subscribe-leave-text = نحذف عنوانك ولا نرسل إليك شيئًا بعد ذلك.
subscribe-leave-send = إلغاء الاشتراك
subscribe-left = تم إلغاء الاشتراك.
subscribe-left-text = حُذف عنوانك ولن تصلك منا رسائل أخرى.
subscribe-unknown = لم يعد هذا الرابط يعمل.
subscribe-unknown-text = ربما يكون غير مكتمل أو منتهي الصلاحية. أدخل عنوانك مرة أخرى للحصول على رابط جديد.
report-title = الإبلاغ عن مشكلة
report-text = تكفي نقرة واحدة. يساعدنا بلاغك على اكتشاف المشكلات مبكرًا.
report-known = نعلم بالفعل بما يلي:
report-what = ما الذي لا يعمل؟
report-unknown = لست متأكدًا
report-send = لا يعمل لدي
report-privacy = نعدّ البلاغات، ولا نحفظ من أرسلها.
report-taken = شكرًا.
report-taken-text = احتسبنا بلاغك. تعرض صفحة الحالة ما نعرفه.
report-refused = شكرًا. لدينا الآن ما يكفي من البلاغات.
report-refused-text = وصلتنا مؤخرًا بلاغات من شبكتك أو من زوار كثيرين آخرين.
report-lost = لم يُحتسب بلاغك.
report-foreign = أُرسل من موقع آخر. يُرجى إرساله من هذا الموقع.
report-unclear = لا يشير إلى أي شيء في هذه الصفحة. يُرجى الاختيار مرة أخرى.
report-unnoted = تعذر حفظه الآن. يُرجى المحاولة بعد دقيقة.
not-found = الصفحة غير موجودة.
not-found-text = قد يكون العنوان خاطئًا، أو أُزيلت الصفحة.
failed = تعذر عرض هذه الصفحة.
failed-text = سُجِّل الخطأ. قد تظل صفحة الحالة تعمل.

## الأعداد والأوقات والقوائم

number-group = ,
number-point = .
percent = { "\u2066" }{ $number }%{ "\u2069" }
row = { $first } و{ $last }
row-comma = ،{ "\u200F" }{ " " }
unit-s = { $n ->
    [one] ثانية
    [two] ثانيتين
    [few] { $n }{ "\u00A0" }ثوانٍ
    [many] { $n }{ "\u00A0" }ثانية
   *[other] { $n }{ "\u00A0" }ثانية
}
unit-min = { $n ->
    [one] دقيقة
    [two] دقيقتين
    [few] { $n }{ "\u00A0" }دقائق
    [many] { $n }{ "\u00A0" }دقيقة
   *[other] { $n }{ "\u00A0" }دقيقة
}
unit-h = { $n ->
    [one] ساعة
    [two] ساعتين
    [few] { $n }{ "\u00A0" }ساعات
    [many] { $n }{ "\u00A0" }ساعة
   *[other] { $n }{ "\u00A0" }ساعة
}
unit-d = { $n ->
    [one] يوم
    [two] يومين
    [few] { $n }{ "\u00A0" }أيام
    [many] { $n }{ "\u00A0" }يومًا
   *[other] { $n }{ "\u00A0" }يوم
}
span = { $first } و{ $second }
day = { $day } { $month }
day-and-year = { $day } { $month } { $year }
day-and-clock = { $day }، { $clock }
weekday-and-day = { $weekday }، { $day }
month-and-year = { $month } { $year }
days = من { $from } إلى { $to }
days-of-month = من { $first } إلى { $to }
weekday-1 = الاثنين
weekday-2 = الثلاثاء
weekday-3 = الأربعاء
weekday-4 = الخميس
weekday-5 = الجمعة
weekday-6 = السبت
weekday-7 = الأحد
month-1 = يناير
month-2 = فبراير
month-3 = مارس
month-4 = أبريل
month-5 = مايو
month-6 = يونيو
month-7 = يوليو
month-8 = أغسطس
month-9 = سبتمبر
month-10 = أكتوبر
month-11 = نوفمبر
month-12 = ديسمبر

## Figures

figures = قياسات آخر 24 ساعة
figure-now = الآن { "\u2068" }{ $value }{ "\u2069" }، { $ago }
figure-unseen = لا توجد بيانات منذ { $since }
figures-all = القياسات
figure-table = عرض كجدول
figure-from = من
figure-lowest = الأدنى
figure-mean = المتوسط
figure-highest = الأعلى
figure-none = لا توجد بيانات.
figure-spans = الفترات الزمنية
figure-hour = آخر ساعة
figure-day = آخر 24 ساعة
figure-week = آخر 7 أيام
figure-30-days = آخر 30 يومًا
figure-90-days = آخر 90 يومًا
evidence = القياسات
recorded-data = البيانات المسجلة

## What the page says of itself

honest-days = خلال آخر { $days } يومًا
honest-since = منذ { $day }
honest-noticed = { $span }، { $n ->
    [0] لم ترصد هذه الصفحة أي حوادث
    [one] رصدت هذه الصفحة حادثًا واحدًا
    [two] رصدت هذه الصفحة حادثين
    [few] رصدت هذه الصفحة { $n } حوادث
    [many] رصدت هذه الصفحة { $n } حادثًا
   *[other] رصدت هذه الصفحة { $n } حادث
}{ $delays }
honest-one = ، خلال { $all } من أول علامة
honest-all = ، جميعها خلال { $all } من أول علامة
honest-half = ، نصفها خلال { $half } من أول علامة وجميعها خلال { $all }
honest-false = { $n ->
    [one] اعتُبر حادث واحد محلولًا قبل الأوان
    [two] اعتُبر حادثان محلولين قبل الأوان
    [few] اعتُبرت { $n } حوادث محلولة قبل الأوان
    [many] اعتُبر { $n } حادثًا محلولًا قبل الأوان
   *[other] اعتُبر { $n } حادث محلولًا قبل الأوان
}
honest-withdrawn = { $n ->
    [one] سُحب حادث واحد
    [two] سُحب حادثان
    [few] سُحبت { $n } حوادث
    [many] سُحب { $n } حادثًا
   *[other] سُحب { $n } حادث
}
honest-blind = لم تصلها بيانات لمدة { $span }
honest-join = ؛{ " " }
honest-end = .

## ما نكتبه في الحوادث. يأتي نص الحدث أو البلاغ في النهاية.

wrote-unseen = لم تقع أعطال منذ التغيير في { $at }، لكن لا يمكننا بعد اعتبار المشكلة محلولة.
wrote-ongoing = الحادث مستمر.
wrote-waiting = لا يمكننا بعد اعتبار المشكلة محلولة.
wrote-cured = عادت إلى العمل منذ التغيير في { $at }: { $names }.
wrote-again = عاد العطل من جديد.
wrote-eased = خُفضت الخطورة بعد أن كانت «{ $severity }»: الفحوص التي فشلت سليمة منذ { $span }.
wrote-over = تعمل الخدمة منذ { $since }. استمر الحادث { $span }.
wrote-planned = فترة الصيانة: من { $from } إلى { $until }.
wrote-begun = بدأت الصيانة.
wrote-begun-until = بدأت الصيانة. النهاية المقررة: { $until }.
wrote-extended = تغيّر الجدول. النهاية المقررة الجديدة للصيانة: { $until }.
wrote-done = اكتملت الصيانة.
wrote-cancelled = أُلغيت هذه الصيانة.
wrote-stopped = أُنهيت هذه الصيانة قبل موعدها.
wrote-event = في { $at }: { $text }
wrote-first-report = أول بلاغ من مستخدم: { $text }
wrote-report = بلاغ من مستخدم: { $text }
wrote-reopened = عادت المشكلة.
wrote-withdrawn = كان هذا إنذارًا كاذبًا: كان كل شيء يعمل. لقد سحبناه.
wrote-published = نشرنا ما حدث وما تعلمناه منه.
our-systems = أنظمتنا
less-than = أقل من { $span }

## ما لوحظ أو أُبلغ عنه

seen-restarted = أُعيد التشغيل: { $names }.
seen-restarted-again = { $more ->
    [one] أُعيد التشغيل مرة أخرى: { $names }.
    [two] أُعيد التشغيل مرتين أخريين: { $names }.
    [few] أُعيد التشغيل { $more } مرات أخرى: { $names }.
   *[other] أُعيد التشغيل { $more } مرة أخرى: { $names }.
}
seen-flushed = حُذفت البيانات بأمر: { $names }.
seen-flushed-again = { $more ->
    [one] حُذفت البيانات بأمر مرة أخرى: { $names }.
    [two] حُذفت البيانات بأمر مرتين أخريين: { $names }.
    [few] حُذفت البيانات بأمر { $more } مرات أخرى: { $names }.
   *[other] حُذفت البيانات بأمر { $more } مرة أخرى: { $names }.
}
seen-collapsed = اختفى معظم البيانات: { $names }.
seen-limit = تغيّر حد الذاكرة من { $before } إلى { $after }: { $names }.
seen-limit-removed = أُزيل حد الذاكرة، وكان { $before }: { $names }.
seen-limit-set = ضُبط حد الذاكرة على { $after }، ولم يكن هناك حد من قبل: { $names }.
seen-a-store = مخزن بيانات
seen-store = مخزن بيانات
seen-process = عملية من عمليات الخدمة
row-others = { $n ->
    [one] { $names } ومكون آخر
    [two] { $names } ومكونان آخران
    [few] { $names } و{ $n } مكونات أخرى
   *[other] { $names } و{ $n } مكونًا آخر
}
provider-reports = أبلغ { $name }: { $text }
reports-fails = { $name } لا يعمل
reports-something = هناك ما لا يعمل

## تحليلات ما بعد الحوادث

mortem-background = الخلفية
mortem-problem = المشكلة
mortem-solution = الحل
mortem-timeline = التسلسل الزمني
mortem-continued = التسلسل الزمني (تتمة)
mortem-future = إجراءات لاحقة
mortem-unwritten = لم يكتب فريقنا هذا القسم بعد.
record-update = { $word }: { $text }
record-first = أول قياس فاشل
record-end = أول قياس سليم بعد الحادث
record-first-report = أول بلاغ من مستخدم: { $text }
record-report = بلاغ من مستخدم: { $text }
record-release = إصدار: { $text }
record-restart = إعادة تشغيل: { $text }
record-flush = حذف بيانات: { $text }
record-limit = تغيّر الحد: { $text }
record-provider = بلاغ من مزود: { $text }
record-what = ما حدث
record-more = { $n } أخرى
record-noticed = سُجل الحادث بعد { $span } من أول قياس فاشل.
record-resolved = اعتُبر محلولًا بعد { $span } من أول قياس سليم.
worst-metric = القياس
worst-value = أسوأ قيمة
worst-when = متى
worst-threshold = الحد
worst-above = فوق { $value }
worst-below = دون { $value }
worst-off = غير { $value }
picture-title = { $title }، كما قيس
picture-threshold = الحد

chart-range = من ⁨{ $from }⁩ إلى ⁨{ $until }⁩
chart-values = تتراوح القيم بين ⁨{ $low }⁩ و⁨{ $high }⁩، وأعلاها عند ⁨{ $at }⁩.
chart-empty = لا توجد بيانات.
chart-shades = الحوادث المظللة: { $n }.
chart-shaded = مظلَّل: ⁨{ $label }⁩، من ⁨{ $from }⁩ إلى ⁨{ $until }⁩.
chart-shaded-since = مظلَّل: ⁨{ $label }⁩، منذ ⁨{ $from }⁩.
chart-gaps = توجد فجوات بلا بيانات.
chart-limit = الحد
chart-warning = تحذير

## Messages of notifiers

notify-headline = { $word }: { "\u2067" }{ $title }{ "\u2069" }
notify-down = متوقف
notify-disrupted = اضطراب
notify-notice = إشعار
notify-down-again = توقف مجددًا
notify-disrupted-again = اضطراب مجددًا
notify-notice-again = إشعار مجددًا
notify-down-still = ما زال متوقفًا
notify-disrupted-still = ما زال الاضطراب مستمرًا
notify-notice-still = ما زال مفتوحًا
notify-missed = انتهى قبل أن نتمكن من إبلاغكم
notify-withdrawn = تم السحب
notify-announced = صيانة مجدولة
notify-upcoming = الصيانة تبدأ قريبًا
notify-rescheduled = تغيّر موعد الصيانة
notify-begun = بدأت الصيانة
notify-extended = الصيانة تستغرق وقتًا أطول
notify-completed = اكتملت الصيانة
notify-cancelled = أُلغيت الصيانة
notify-operators = للمشغّلين
notify-settled = تمت المعالجة
notify-affected = المكونات المتأثرة
notify-started = البداية
notify-ended = النهاية
notify-from = من
notify-until = إلى
notify-earlier = سابقًا
notify-test = اختبار
notify-test-title = يُرجى تجاهل هذه الرسالة
notify-test-text = اختبار للمستلم { $name }. لم يحدث شيء.

## الرسائل

mail-earlier = التحديثات السابقة
mail-details = عرض التفاصيل
mail-digest-subject = { "\u2068" }{ $site }{ "\u2069" }: { $n ->
    [few] { $n } تحديثات
    [many] { $n } تحديثًا
   *[other] { $n } تحديث
}
mail-digest-text = حدثت عدة أمور في الوقت نفسه، فجمعناها في رسالة واحدة.
mail-confirm-subject = أكّد اشتراكك في { "\u2068" }{ $site }{ "\u2069" }
mail-confirm-text = يُرجى تأكيد رغبتك في تلقي تحديثات الحوادث والصيانة من { "\u2068" }{ $site }{ "\u2069" } على هذا العنوان.
mail-confirm-button = تأكيد الاشتراك
mail-confirm-ignore = إذا لم تطلب ذلك فتجاهل هذه الرسالة، ولن تصلك منا رسائل أخرى.
mail-link-until = الرابط صالح حتى { "\u2068" }{ $until }{ "\u2069" }.
mail-manage-subject = اشتراكك في { "\u2068" }{ $site }{ "\u2069" }
mail-manage-text = اختر ما تريد معرفته من { "\u2068" }{ $site }{ "\u2069" }، أو ألغِ الاشتراك.
mail-manage-button = إدارة الاشتراك
mail-report-subject = { "\u2068" }{ $site }{ "\u2069" }: نسبة التشغيل من { "\u2068" }{ $from }{ "\u2069" } إلى { "\u2068" }{ $until }{ "\u2069" }
mail-report-none = لم تقع أي حوادث.
mail-why-subscriber = تصلك هذه الرسالة لأنك اشتركت في تحديثات { "\u2068" }{ $site }{ "\u2069" }.
mail-why-fixed = تصلك هذه الرسالة لأن هذا العنوان مسجّل مستلمًا لرسائل { "\u2068" }{ $site }{ "\u2069" }.
mail-unsubscribe = إلغاء الاشتراك
