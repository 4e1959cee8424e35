# Lo que dice la página, en español.

## Estados

state-ok = bien
state-maintenance = mantenimiento
state-unknown = no visible
state-notice = aviso
state-disrupted = perturbado
state-down = caído
phase-investigating = Investigando
phase-identified = Causa encontrada
phase-monitoring = En observación
phase-resolved = Resuelto
phase-update = Novedad
phase-event = Suceso
phase-scheduled = Previsto
phase-in-progress = En curso
phase-completed = Terminado
phase-cancelled = Cancelado
stage-scheduled = previsto
stage-in-progress = en curso
stage-overdue = con retraso
stage-completed = terminado
stage-cancelled = cancelado
word-post = anuncio
word-resolved = resuelto
author-rule = notado por una regla
author-person = escrito por una persona

## La cabecera de la primera página

banner-fine = Todo funciona.
banner-notice = Todo funciona; lea por favor el aviso de abajo.
banner-blind = No vemos nuestros sistemas desde { $since }.
banner-blind-more = Lo que lee aquí puede estar anticuado.
banner-maintenance = Mantenimiento previsto hasta { $until }.
banner-maintenance-open = Hay un mantenimiento previsto en curso.
banner-watched = Funciona de nuevo desde { $since }.
banner-watched-more = Lo observamos hasta { $until } antes de darlo por terminado.
unwell-maintenance = Hay un mantenimiento previsto en curso.
unwell-many-maintenance = Hay un mantenimiento previsto en curso.
unwell-unknown = No vemos cómo { $n ->
    [one] está
   *[other] están
} { $names }.
unwell-many-unknown = No vemos cómo están { $n } partes.
unwell-notice = Todo funciona; hay un aviso sobre { $names }.
unwell-many-notice = Todo funciona; hay avisos sobre { $n } partes.
unwell-disrupted = { $names }: servicio perturbado.
unwell-many-disrupted = { $n } partes están perturbadas.
unwell-down = { $names }: servicio caído.
unwell-many-down = { $n } partes están caídas.
lasting = desde hace { $span }
started = Comenzó: { $since }.
one-affected = Afecta a { $name }.
some-affected = Afecta a { $n } partes.
next-word = Próxima noticia antes de { $until }.
more-open = { $n ->
    [one] Hay otra incidencia abierta.
   *[other] Hay otras { $n } incidencias abiertas.
}
measured-at = Medido a las { $clock }.
measured-ago = Medido hace { $span }.
impact-wait = { $count } { $what } en espera, la más antigua { $wait } en vez de { $usual }.
impact-count = { $count } { $what } en espera.
impact-growing = Empeora: unos { $count } más por minuto.
impact-falling = Mejora: faltan unos { $span }.
impact-falling-slowly = Mejora, pero despacio.
impact-still = Ni mejora ni empeora.
between-sentences = { " " }
waits = Antes de darlo por terminado
wait-failing = { $names }: debe volver a funcionar.
wait-unseen = Debemos poder ver { $names }.
wait-backlog = Deben procesarse { $count } { $what }.
wait-capacity = A nuestros sistemas se les puede pedir más de lo que pueden dar. Eso debe resolverse antes.
wait-changed = Algo se cambió a las { $since }; observamos desde entonces.
wait-hold = Todo está bien y debe seguir así hasta { $until }.
wait-hold-open = Todo está bien y debe seguir así un rato.
wait-person = Una persona decide cuándo termina.

## La primera página

open-incidents = Incidencias abiertas
announcements = Anuncios
components = Partes
all-updates = Todas las novedades
report-ask = ¿Le falla algo que no aparece aquí?
reported = Informado por proveedores
reported-more = Lo que otros dicen de sí mismos. No tiene por qué ser la causa de nada aquí.
past = Los últimos días
nothing = Nada que contar
before = Antes de eso
all-incidents = Todas las incidencias
and-more = { $n ->
    [one] Una más
   *[other] { $n } más
}
until = hasta { $until }

## Días

days-label = { $days ->
    [one] 1 día visto
   *[other] { $days } días vistos
}: bien { $share } del tiempo visto
days-hint = Las flechas van de día en día.
share-of = { $share } de { $span }
apart-unseen = { $span } sin ver
apart-maintenance = { $span } de mantenimiento
day-early = aún no medido
day-unseen = sin ver
day-fine = bien
day-down = caído durante { $span }
day-disrupted = perturbado durante { $span }
day-maintenance = mantenimiento durante { $span }
day-partly-unseen = sin ver durante { $span }
legend = Cada barra es un día, hoy a la derecha. Lo perdido está cortado arriba. Los porcentajes son de los últimos 90 días.

## Páginas

skip = Ir al contenido
status-suffix = { " " }– estado
nav-pages = Páginas
nav-more = Más páginas
nav-status = Estado
nav-history = Historial
nav-maintenance = Mantenimiento
nav-subscribe = Suscribirse
nav-report = Informar de un problema
zone = Horas en { $zone }.
theme-light = Colores claros
theme-dark = Colores oscuros
live-changed = La página ha cambiado:
page-stale = Esta página no se actualiza desde { "{}" }. Lo que lee puede estar anticuado.
to-status = Al estado
began = Comienzo
over = Fin
planned-until = Previsto hasta
duration = Duración
lasted = duró { $span }
severity = Gravedad
affected = Afectados
timeline = Desarrollo
neighbours = Otras incidencias
older = Anterior
newer = Siguiente
days-heading = Los últimos 90 días
days-table = Los días como tabla
days-table-day = Día
days-table-what = Estado
uptime = Disponibilidad
uptime-span = Período
uptime-share = Disponible
uptime-more = La parte es la del tiempo visto. El tiempo sin ver y el mantenimiento no cuentan.
span-day = 24 horas
span-week = 7 días
span-month = 30 días
span-quarter = 90 días
span-year = 365 días
incidents-heading = Incidencias
none-written = Todavía no se ha escrito nada.
visit = Abrir
follow = Seguir
badge = Insignia
history = Historial
undated = Sin fecha
search = Buscar
search-words = Palabras
search-component = Parte
search-any = todas
search-all = Mostrar todo
found = { $n ->
    [0] Nada encontrado.
    [one] Una incidencia encontrada.
   *[other] { $n } incidencias encontradas.
}
cut = Se muestran las { $n } más recientes. Elija un mes o busque.
years = Por año y mes
incidents = { $n ->
    [one] una incidencia
   *[other] { $n } incidencias
}
works-open = En curso y previstos
works-none = No hay mantenimiento previsto.
works-done = Terminados
works-calendar = Añadir el calendario del mantenimiento previsto
from-until = { $from } a { $until }
from = Desde { $from }
ahead = en { $span }
subscribe-title = Recibir avisos
subscribe-text = Elija cómo quiere saber que ocurre algo. No hace falta ninguna cuenta.
way-feed = Canal
way-feed-text = Para lectores de canales y chats: cada incidencia con todas sus novedades.
way-calendar = Calendario
way-calendar-text = El mantenimiento previsto en su calendario.
way-programs = Programas
way-programs-text = Lo mismo como JSON, con su descripción.
way-parts = Partes sueltas
way-parts-text = Un canal para cada una.
way-embed = En su propio sitio
way-embed-text = Una línea muestra el estado en la cabecera de sus páginas.
report-title = Informar de un problema
report-text = Basta una pulsación. Nos ayuda a notarlo antes.
report-known = Esto ya lo sabemos:
report-what = ¿Qué falla?
report-unknown = No lo sé
report-send = A mí me falla
report-privacy = Contamos los informes. No guardamos quién los envió.
report-taken = Gracias.
report-taken-text = Su informe se ha contado. Lo que sabemos está en la página de estado.
report-refused = Gracias, por ahora basta.
report-refused-text = Llegaron muchos informes en poco tiempo. Lo hemos notado.
report-lost = Su informe no se ha contado.
report-foreign = Lo envió una página de otro sitio. Envíelo desde esta, por favor.
report-unclear = No nombra nada de esta página. Elija de nuevo, por favor.
report-unnoted = Ahora mismo no hemos podido anotarlo. Inténtelo de nuevo en un minuto, por favor.
not-found = Esa página no existe.
not-found-text = La dirección puede estar mal escrita o la página se retiró.
failed = Esta página no se puede mostrar.
failed-text = Se nos avisa de ello. Quizá funcione la primera página.

## Números, tiempos y listas

number-group = .
number-point = ,
percent = { $number } %
row = { $first } y { $last }
row-comma = ,{ " " }
unit-s = { $n } s
unit-min = { $n } min
unit-h = { $n } h
unit-d = { $n ->
    [one] { $n } día
   *[other] { $n } días
}
span = { $first } { $second }
day = { $day } de { $month }
day-and-year = { $day } de { $month } de { $year }
day-and-clock = { $day }, { $clock }
weekday-and-day = { $weekday }, { $day }
month-and-year = { $month } de { $year }
days = { $from } al { $to }
days-of-month = { $first } al { $to }
weekday-1 = lunes
weekday-2 = martes
weekday-3 = miércoles
weekday-4 = jueves
weekday-5 = viernes
weekday-6 = sábado
weekday-7 = domingo
month-1 = enero
month-2 = febrero
month-3 = marzo
month-4 = abril
month-5 = mayo
month-6 = junio
month-7 = julio
month-8 = agosto
month-9 = septiembre
month-10 = octubre
month-11 = noviembre
month-12 = diciembre

## Figures

figures = Mediciones del último día
figure-now = ahora { $value }
figure-table = Como tabla
figure-from = Desde
figure-lowest = Mínimo
figure-mean = Media
figure-highest = Máximo
figure-none = No se midió nada.
figure-spans = Periodos
figure-hour = Última hora
figure-day = Último día
figure-week = Última semana
figure-30-days = Últimos 30 días
figure-90-days = Últimos 90 días
evidence = Lo que se midió

## What the page says of itself

honest-days = En los últimos { $days } días
honest-since = Desde { $day }
honest-noticed = { $span } esta página notó { $n ->
    [0] ninguna incidencia
    [one] una incidencia
   *[other] { $n } incidencias
}{ $delays }
honest-one = , en { $all } desde la primera señal
honest-all = , todas en { $all } desde la primera señal
honest-half = , la mitad en { $half } desde la primera señal y todas en { $all }
honest-false = { $n ->
    [one] un fin se anunció demasiado pronto
   *[other] { $n } finales se anunciaron demasiado pronto
}
honest-withdrawn = { $n ->
    [one] una se retiró
   *[other] { $n } se retiraron
}
honest-blind = no pudo ver durante { $span }
honest-join = ;{ " " }
honest-end = .
