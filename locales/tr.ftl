# Sayfanın söyledikleri, Türkçe.

## Durumlar

state-ok = çalışıyor
state-unmeasured = bildirilen olay yok
state-maintenance = bakımda
state-unknown = veri yok
state-notice = bildirim
state-disrupted = aksama var
state-down = hizmet dışı
phase-investigating = İnceleniyor
phase-identified = Neden belirlendi
phase-monitoring = İzleniyor
phase-resolved = Çözüldü
phase-update = Güncelleme
phase-event = Olay
phase-scheduled = Planlandı
phase-in-progress = Sürüyor
phase-completed = Tamamlandı
phase-cancelled = İptal edildi
phase-post-mortem = Olay sonrası inceleme
stage-scheduled = planlandı
stage-in-progress = sürüyor
stage-overdue = süresi aşıldı
stage-completed = tamamlandı
stage-cancelled = iptal edildi
word-post = duyuru
word-resolved = çözüldü
word-withdrawn = geri çekildi
author-rule = otomatik yayımlandı
author-person = ekibimiz yayımladı
author-named = yayımlayan: { $name }

## İlk sayfanın başı

banner-fine = Tüm sistemler çalışıyor.
banner-notice = Tüm sistemler çalışıyor. Lütfen aşağıdaki bildirimi okuyun.
banner-unmeasured = Bildirilen olay yok.
banner-unmeasured-notice = Lütfen aşağıdaki bildirimi okuyun.
banner-empty = Henüz hiçbir şey izlenmiyor.
banner-blind = Sistemlerimizden veri gelmiyor. Son veri: { $since }.
banner-blind-more = Bu sayfadaki bilgiler güncel olmayabilir.
banner-maintenance = Planlı bakım sürüyor. Bitiş: { $until }.
banner-maintenance-open = Planlı bakım sürüyor.
banner-watched = { $since } itibarıyla yeniden çalışıyor.
banner-watched-more = İzliyoruz. Her şey sorunsuz kalırsa { $until } sularında çözüldü olarak işaretleyeceğiz.
banner-watched-held = { $until } öncesinde çözüldü olarak işaretlemeyeceğiz.
unwell-maintenance = Planlı bakım sürüyor.
unwell-many-maintenance = Planlı bakım sürüyor.
unwell-unknown = { $names } için veri yok.
unwell-many-unknown = { $n } bileşen için veri yok.
unwell-notice = Tüm sistemler çalışıyor. { $names } hakkında bir bildirim var.
unwell-many-notice = Tüm sistemler çalışıyor. { $n } bileşen hakkında bildirim var.
unwell-disrupted = { $names }: aksama var.
unwell-many-disrupted = { $n } bileşende aksama var.
unwell-down = { $names }: hizmet dışı.
unwell-many-down = { $n } bileşen hizmet dışı.
lasting = { $span } sürüyor
started = Başlangıç: { $since }.
affects = Etkilenen: { $names }.
affects-more = Etkilenen: { $names } ve { $n } bileşen daha.
next-word = Sonraki güncelleme en geç { $until }.
more-open = { $n } olay daha sürüyor.
resolved-ago = { $span } önce çözüldü:
post-mortem-ago = Olay sonrası inceleme { $span } önce yayımlandı:
works-in = { $name } { $span }
works-from-here = Buradan çalışıyor: { $names } (kontrol: { $clock }).
visitors-reported = Son 10 dakikada { $count } ziyaretçi bunu bildirdi.
measured-at = Son kontrol: { $clock }.
measured-ago = Son kontrol { $span } önce.
ago = { $span } önce
impact-wait = Kuyrukta { $count } { $what } var. En uzun bekleme { $wait }, normalde { $usual }.
impact-count = Kuyrukta { $count } { $what } var.
impact-growing = Kuyruk dakikada yaklaşık { $count } büyüyor.
impact-falling = Kuyruk kısalıyor ve yaklaşık { $span } içinde boşalması bekleniyor.
impact-falling-slowly = Kuyruk yavaş yavaş kısalıyor.
impact-still = Kuyruk ne uzuyor ne kısalıyor.
between-sentences = { " " }
waits = Çözüldü olarak işaretlemeden önce olması gerekenler
wait-failing = Yeniden çalışmalı: { $names }.
wait-unseen = { $names } için yeniden veri almalıyız.
wait-backlog = Kuyruktaki { $count } { $what } azalmalı.
wait-capacity = Bilinen bir kapasite riski giderilmeli.
wait-changed = Bir değişiklik yapıldı ({ $since }), bu nedenle izleme baştan başladı.
wait-hold = { $since } itibarıyla hata yok. İzlemenin bitişi: { $until }.
wait-settling = { $since } itibarıyla hata yok. Böyle kalmalı.
wait-hold-open = Bir süre sorunsuz kalmalı.
wait-person = Ekibimiz çözüldüğünü onaylamalı.

## İlk sayfa

open-incidents = Süren olaylar
announcements = Duyurular
components = Bileşenler
all-updates = Tüm güncellemeler
report-ask = Burada olmayan bir sorun mu var?
reported = Sağlayıcılarımızın bildirdikleri
reported-more = Sağlayıcılarımızın durum sayfalarından. Konuyla ilgisi olmayabilir.
past = Geçmiş olaylar
nothing = Bildirilen olay yok
before = Daha önce
all-incidents = Tüm olaylar
and-more = { $n } tane daha
until = bitiş: { $until }

## Günler

days-label = verisi olan { $days } günde erişilebilirlik { $share }
days-hint = Günler arasında ok tuşlarıyla geçin.
share-of = { $span } içinde { $share }
since-today = bugün { $clock } itibarıyla
since-day = { $day } itibarıyla
gap-note = İzlememiz kesintiye uğradı. Veri yok: { $days }.
gap-days = { $days } ({ $span })
gap-more = daha önce { $n } kez
apart-unseen = { $span } veri yok
apart-maintenance = { $span } bakım
day-early = henüz veri yok
day-unseen = veri yok
day-fine = çalışıyor
day-down = { $span } hizmet dışı
day-disrupted = { $span } aksama
day-maintenance = { $span } bakım
day-partly-unseen = { $span } veri yok
legend = Her çubuk bir gündür, bugün sağdadır. Kaybedilen süre çubuğun üstünden kesilir.

## Sayfalar

skip = İçeriğe geç
status-suffix = { " " }durumu
nav-pages = Sayfalar
nav-more = Diğer sayfalar
nav-status = Durum
nav-history = Geçmiş
nav-maintenance = Bakım
nav-subscribe = Abone ol
nav-report = Sorun bildir
zone = Tüm saatler { $zone } saatidir.
theme-light = Açık tema
theme-dark = Koyu tema
live-changed = Yeni durum:
page-stale = Bu sayfa güncellenmiyor. Son güncelleme: { "{}" }. Bilgiler güncel olmayabilir.

# What the team decided about checks of a component that fail.
silenced-until = Ekibimiz bu bileşenin uyarılarını susturdu. Bitiş: { $until }.
silenced-overruled = Ekibimiz hâlâ başarısız olan bir denetimi dikkate almamaya karar verdi.
to-status = Güncel durum
began = Başlangıç
over = Bitiş
planned-until = Planlanan bitiş
duration = Süre
lasted-for = Süre
lasting-span = { $span }
flaps = { $n } kez düzelip yeniden bozuldu
lasted = { $span } sürdü
severity = Önem
affected = Etkilenen
timeline = Zaman çizelgesi
neighbours = Diğer olaylar
older = Önceki
newer = Sonraki
days-heading = Son 90 gün
days-heading-month = Son 30 gün
days-table = Gün gün
days-table-day = Gün
days-table-what = Durum
uptime = Erişilebilirlik
uptime-span = Dönem
uptime-share = Erişilebilirlik
uptime-more = Erişilebilirlik, verisi olan süreye göre hesaplanır. Verisi olmayan süre ve bakım sayılmaz.
span-day = 24 saat
span-week = 7 gün
span-month = 30 gün
span-quarter = 90 gün
span-year = 365 gün
incidents-heading = Olaylar
none-written = Henüz kaydedilmiş olay yok.
visit = Ziyaret et
follow = Bu bileşeni takip et
badge = Rozet
history = Geçmiş
undated = Tarihsiz
search = Ara
search-words = Anahtar sözcükler
search-component = Bileşen
search-any = tümü
search-all = Tümünü göster
found = { $n ->
    [0] Sonuç yok.
   *[other] { $n } sonuç.
}
cut = En yeni { $n } olay gösteriliyor. Daha fazlası için bir ay seçin veya arama yapın.
years = Yıla ve aya göre
incidents = { $n } olay
works-open = Süren ve planlanan
works-none = Planlı bakım yok.
works-done = Tamamlanan
works-calendar = Planlı bakımları takviminize ekleyin
from-until = { $from } – { $until }
from = Başlangıç: { $from }
ahead = { $span } sonra
subscribe-title = Güncellemelere abone olun
subscribe-text = Olaylardan ve bakımlardan nasıl haberdar olmak istediğinizi seçin. Hesap gerekmez.
way-feed = Akış
way-feed-text = Akış okuyucular ve sohbet uygulamaları için her olay, tüm güncellemeleriyle.
way-calendar = Takvim
way-calendar-text = Planlı bakımlar takviminizde.
way-programs = API
way-programs-text = Aynı bilgiler JSON olarak, belgeleriyle birlikte.
way-parts = Tek tek bileşenler
way-parts-text = Her bileşen için ayrı bir akış.
way-embed = Kendi sitenizde
way-embed-text = Tek satır kod, durumumuzu sayfalarınızın üstünde gösterir.

language-name = Türkçe
subscribe-mail = E-posta ile
subscribe-mail-text = Önce size bir bağlantı göndeririz. Bağlantıyı açıp onaylayana kadar başka bir şey almazsınız.
subscribe-address = E-posta adresiniz
subscribe-options = Ne alacağınızı seçin
subscribe-kinds = Neler gönderilsin
subscribe-incidents = Olaylar
subscribe-maintenance = Planlı bakımlar
subscribe-report = Erişilebilirlik raporu
subscribe-report-none = Yok
subscribe-report-weekly = Her hafta
subscribe-report-monthly = Her ay
subscribe-components = Bileşenler
subscribe-components-text = Hiçbirini seçmezseniz hepsinden haberdar olursunuz.
subscribe-language = E-postaların dili
subscribe-privacy = Adresinizi yalnızca bu e-postalar için kullanırız. Her e-postada abonelikten çıkma bağlantısı vardır; çıktığınızda adresinizi sileriz.
subscribe-asked = Gelen kutunuza bakın.
subscribe-asked-text = Adres bizden e-posta alabiliyorsa bir bağlantı yolda. 48 saat geçerlidir. Birkaç dakika içinde bir şey gelmezse spam klasörüne bakın veya daha sonra yeniden deneyin.
subscribe-refused = Formunuz kabul edilmedi.
subscribe-no-address = Bu, kullanabileceğimiz bir e-posta adresi değil. Lütfen kontrol edin.
subscribe-nothing = Hiçbir şey seçmediniz; bu durumda hiçbir şey göndermeyiz. Lütfen bir şey seçin veya abonelikten çıkın.
subscribe-confirm = Aboneliğinizi onaylıyor musunuz?
subscribe-confirm-text = Yalnızca onayınızdan sonra e-posta göndeririz. Bunu siz istemediyseniz bu sayfayı kapatın; hiçbir şey gönderilmez.
subscribe-confirm-send = Aboneliği onayla
subscribe-done = Abone oldunuz.
subscribe-manage = Aboneliğiniz
subscribe-manage-text = Aboneliğinizi buradan istediğiniz zaman değiştirebilirsiniz. Her e-postada bu sayfanın bağlantısı vardır.
subscribe-save = Kaydet
subscribe-saved = Değişiklikleriniz kaydedildi.
subscribe-leave = Tüm e-postaların aboneliğinden çıkılsın mı?
subscribe-leave-text = Adresinizi sileriz ve size başka bir şey göndermeyiz.
subscribe-leave-send = Abonelikten çık
subscribe-left = Abonelikten çıktınız.
subscribe-left-text = Adresiniz silindi; bizden artık e-posta almayacaksınız.
subscribe-unknown = Bu bağlantı artık çalışmıyor.
subscribe-unknown-text = Eksik olabilir veya süresi dolmuş olabilir. Yenisini almak için adresinizi yeniden girin.
report-title = Sorun bildir
report-text = Tek tıklama yeter. Bildiriminiz sorunları daha erken fark etmemize yardımcı olur.
report-known = Bildiğimiz sorunlar:
report-what = Ne çalışmıyor?
report-unknown = Emin değilim
report-send = Bende çalışmıyor
report-privacy = Bildirimleri sayıyoruz. Kimin gönderdiğini saklamıyoruz.
report-taken = Teşekkürler.
report-taken-text = Bildiriminizi saydık. Bildiklerimiz durum sayfasında.
report-refused = Teşekkürler. Şimdilik yeterince bildirim aldık.
report-refused-text = Ağınızdan veya birçok başka ziyaretçiden yakın zamanda bildirim aldık.
report-lost = Bildiriminiz sayılmadı.
report-foreign = Başka bir siteden gönderildi. Lütfen bu siteden gönderin.
report-unclear = Bu sayfadaki hiçbir şeyi belirtmiyor. Lütfen yeniden seçin.
report-unnoted = Şu anda kaydedemedik. Lütfen bir dakika sonra yeniden deneyin.
not-found = Sayfa bulunamadı.
not-found-text = Adres yanlış olabilir veya sayfa kaldırılmış olabilir.
failed = Bu sayfa gösterilemiyor.
failed-text = Hata kaydedildi. Durum sayfası hâlâ çalışıyor olabilir.

## Sayılar, zamanlar ve listeler

number-group = .
number-point = ,
percent = %{ $number }
row = { $first } ve { $last }
row-comma = ,{ " " }
unit-s = { $n }{ "\u00A0" }sn
unit-min = { $n }{ "\u00A0" }dk
unit-h = { $n }{ "\u00A0" }sa
unit-d = { $n } gün
span = { $first } { $second }
day = { $day } { $month }
day-and-year = { $day } { $month } { $year }
day-and-clock = { $day } { $clock }
weekday-and-day = { $day } { $weekday }
month-and-year = { $month } { $year }
days = { $from } – { $to }
days-of-month = { $first }–{ $to }
weekday-1 = Pazartesi
weekday-2 = Salı
weekday-3 = Çarşamba
weekday-4 = Perşembe
weekday-5 = Cuma
weekday-6 = Cumartesi
weekday-7 = Pazar
month-1 = Ocak
month-2 = Şubat
month-3 = Mart
month-4 = Nisan
month-5 = Mayıs
month-6 = Haziran
month-7 = Temmuz
month-8 = Ağustos
month-9 = Eylül
month-10 = Ekim
month-11 = Kasım
month-12 = Aralık

## Figures

figures = Son 24 saatin ölçümleri
figure-now = şimdi { $value }, { $ago }
figure-unseen = veri yok, son veri: { $since }
figures-all = Ölçümler
figure-table = Tablo olarak göster
figure-from = Başlangıç
figure-lowest = En düşük
figure-mean = Ortalama
figure-highest = En yüksek
figure-none = Veri yok.
figure-spans = Zaman aralıkları
figure-hour = Son 1 saat
figure-day = Son 24 saat
figure-week = Son 7 gün
figure-30-days = Son 30 gün
figure-90-days = Son 90 gün
evidence = Ölçümler
recorded-data = Kaydedilen veriler

## What the page says of itself

honest-days = Son { $days } günde
honest-since = { $day } itibarıyla
honest-noticed = { $span } bu sayfa { $n ->
    [0] hiç olay saptamadı
   *[other] { $n } olay saptadı
}{ $delays }
honest-one = , ilk belirtiden sonra { $all } içinde
honest-all = , hepsini ilk belirtiden sonra { $all } içinde
honest-half = , yarısını ilk belirtiden sonra { $half } içinde, hepsini { $all } içinde
honest-false = { $n } olay çok erken çözüldü olarak işaretlendi
honest-withdrawn = { $n } olay geri çekildi
honest-blind = { $span } boyunca veri alınamadı
honest-join = ;{ " " }
honest-end = .

## Olaylara yazdıklarımız. Bir olayın veya bildirimin metni sonda durur.

wrote-unseen = Değişiklikten ({ $at }) sonra hata olmadı, ancak henüz çözüldü olarak işaretleyemiyoruz.
wrote-ongoing = Olay sürüyor.
wrote-waiting = Henüz çözüldü olarak işaretleyemiyoruz.
wrote-cured = Değişiklikten ({ $at }) sonra yeniden çalışıyor: { $names }.
wrote-again = Hata yeniden görülüyor.
wrote-eased = Önem düşürüldü, önceki “{ $severity }”: başarısız denetimler { $span } süredir sorunsuz.
wrote-over = { $since } itibarıyla çalışıyor. Olay { $span } sürdü.
wrote-planned = Bakım aralığı: { $from } – { $until }.
wrote-begun = Bakım başladı.
wrote-begun-until = Bakım başladı. Planlanan bitiş: { $until }.
wrote-extended = Plan değişti. Bakımın yeni planlanan bitişi: { $until }.
wrote-done = Bakım tamamlandı.
wrote-cancelled = Bu bakım iptal edildi.
wrote-stopped = Bu bakım erken sonlandırıldı.
wrote-event = Saat { $at }: { $text }
wrote-first-report = ilk kullanıcı bildirimi: { $text }
wrote-report = kullanıcı bildirimi: { $text }
wrote-reopened = Sorun yeniden ortaya çıktı.
wrote-withdrawn = Bu yanlış bir alarmdı: her şey çalışıyordu. Geri çektik.
wrote-published = Neler olduğunu ve bundan ne öğrendiğimizi yayımladık.
our-systems = tüm sistemlerimiz
less-than = { $span } altında

## Görülen veya bildirilenler

seen-restarted = Yeniden başlatıldı: { $names }.
seen-restarted-again = { $more } kez daha yeniden başlatıldı: { $names }.
seen-flushed = Veriler bir komutla silindi: { $names }.
seen-flushed-again = Veriler bir komutla { $more } kez daha silindi: { $names }.
seen-collapsed = Verilerin çoğu kayboldu: { $names }.
seen-limit = Bellek sınırı değiştirildi, önce { $before }, şimdi { $after }: { $names }.
seen-limit-removed = Bellek sınırı kaldırıldı, önceki { $before }: { $names }.
seen-limit-set = Bellek sınırı konuldu, { $after }, önceden sınır yoktu: { $names }.
seen-a-store = bir veri deposu
seen-store = bir veri deposu
seen-process = bir hizmet süreci
row-others = { $names } ve { $n } bileşen daha
provider-reports = { $name } bildiriyor: { $text }
reports-fails = { $name } çalışmıyor
reports-something = bir şey çalışmıyor

## Olay sonrası incelemeler

mortem-background = Arka plan
mortem-problem = Sorun
mortem-solution = Çözüm
mortem-timeline = Zaman çizelgesi
mortem-continued = Zaman çizelgesi (devam)
mortem-future = Gelecekteki önlemler
mortem-unwritten = Ekibimiz bu bölümü henüz yazmadı.
record-update = { $word }: { $text }
record-first = İlk hatalı ölçüm
record-end = Düzelmeden sonraki ilk sorunsuz ölçüm
record-first-report = İlk kullanıcı bildirimi: { $text }
record-report = Kullanıcı bildirimi: { $text }
record-release = Sürüm: { $text }
record-restart = Yeniden başlatma: { $text }
record-flush = Veri silme: { $text }
record-limit = Sınır değişti: { $text }
record-provider = Sağlayıcı bildirimi: { $text }
record-what = Ne oldu
record-more = { $n } tane daha
record-noticed = Olay, ilk hatalı ölçümden { $span } sonra kaydedildi.
record-resolved = İlk sorunsuz ölçümden { $span } sonra çözüldü olarak işaretlendi.
worst-metric = Ölçüm
worst-value = En kötü değer
worst-when = Ne zaman
worst-threshold = Eşik
worst-above = üst sınır { $value }
worst-below = alt sınır { $value }
worst-off = { $value } dışında
picture-title = { $title }, ölçülen değerler
picture-threshold = eşik

chart-range = { $from } – { $until }
chart-values = Değerler { $low } ile { $high } arasında; en yükseği { $at } anında.
chart-empty = Veri yok.
chart-shades = { $n } olay gölgelendirildi.
chart-shaded = Gölgeli: { $label }, { $from } – { $until }.
chart-shaded-since = Gölgeli: { $label }, { $from } itibarıyla.
chart-gaps = Veri olmayan boşluklar var.
chart-limit = sınır
chart-warning = uyarı

## Messages of notifiers

notify-headline = { $word }: { $title }
notify-down = Hizmet dışı
notify-disrupted = Aksama
notify-notice = Bildirim
notify-down-again = Yeniden hizmet dışı
notify-disrupted-again = Yeniden aksama
notify-notice-again = Yeniden bildirim
notify-down-still = Hâlâ hizmet dışı
notify-disrupted-still = Aksama sürüyor
notify-notice-still = Hâlâ açık
notify-missed = Biz haber veremeden sona erdi
notify-withdrawn = Geri çekildi
notify-announced = Planlı bakım
notify-upcoming = Bakım yakında başlıyor
notify-rescheduled = Bakım ertelendi
notify-begun = Bakım başladı
notify-extended = Bakım uzadı
notify-completed = Bakım tamamlandı
notify-cancelled = Bakım iptal edildi
notify-operators = Operatörler için
notify-settled = Halledildi
notify-affected = Etkilenen
notify-started = Başlangıç
notify-ended = Bitiş
notify-from = Başlangıç
notify-until = Bitiş
notify-earlier = Daha önce
notify-test = Deneme
notify-test-title = lütfen bu iletiyi dikkate almayın
notify-test-text = { $name } alıcısının denemesi. Hiçbir şey olmadı.

## E-postalar

mail-earlier = Önceki güncellemeler
mail-details = Ayrıntıları görün
mail-digest-subject = { $site }: { $n } güncelleme
mail-digest-text = Birkaç şey aynı anda oldu, bu yüzden hepsini tek iletide topladık.
mail-confirm-subject = Aboneliğinizi onaylayın: { $site }
mail-confirm-text = Bu adrese olay ve bakım güncellemeleri almak istediğinizi onaylayın. Sayfa: { $site }.
mail-confirm-button = Aboneliği onayla
mail-confirm-ignore = Bunu siz istemediyseniz bu iletiyi yok sayın. Size başka ileti göndermeyiz.
mail-link-until = Bağlantının son geçerlilik zamanı: { $until }.
mail-manage-subject = Aboneliğiniz: { $site }
mail-manage-text = Hangi haberleri almak istediğinizi seçin veya abonelikten çıkın. Sayfa: { $site }.
mail-manage-button = Aboneliği yönet
mail-report-subject = { $site }: { $from } – { $until } çalışma oranı
mail-report-none = Hiç olay olmadı.
mail-why-subscriber = Bu iletiyi { $site } güncellemelerine abone olduğunuz için aldınız.
mail-why-fixed = Bu iletiyi, adresiniz { $site } için alıcı olarak ayarlandığı için aldınız.
mail-unsubscribe = Abonelikten çık
