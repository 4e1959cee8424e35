# Lo que dice la página, en español.

## Estados

state-ok = operativo
state-unmeasured = sin incidencias notificadas
state-maintenance = mantenimiento
state-unknown = sin datos
state-notice = aviso
state-disrupted = con problemas
state-down = caído
phase-investigating = Investigando
phase-identified = Causa identificada
phase-monitoring = En seguimiento
phase-resolved = Resuelto
phase-update = Actualización
phase-event = Evento
phase-scheduled = Programado
phase-in-progress = En curso
phase-completed = Completado
phase-cancelled = Cancelado
phase-post-mortem = Análisis posterior
stage-scheduled = programado
stage-in-progress = en curso
stage-overdue = con retraso
stage-completed = completado
stage-cancelled = cancelado
word-post = anuncio
word-resolved = resuelto
word-withdrawn = retirado
author-rule = publicado automáticamente
author-person = publicado por nuestro equipo
author-named = publicado por { $name }

## La cabecera de la primera página

banner-fine = Todos los sistemas están operativos.
banner-notice = Todos los sistemas están operativos. Lea el aviso de abajo.
banner-unmeasured = No se han notificado incidencias.
banner-unmeasured-notice = Lea el aviso de abajo.
banner-empty = Todavía no se supervisa nada.
banner-blind = Sin datos de nuestros sistemas desde { $since }.
banner-blind-more = La información de esta página puede estar desactualizada.
banner-maintenance = Mantenimiento programado hasta { $until }.
banner-maintenance-open = Hay un mantenimiento programado en curso.
banner-watched = Funciona de nuevo desde { $since }.
banner-watched-more = Estamos supervisando la situación y daremos la incidencia por resuelta hacia { $until } si todo sigue estable.
banner-watched-held = No daremos la incidencia por resuelta antes de { $until }.
unwell-maintenance = Hay un mantenimiento programado en curso.
unwell-many-maintenance = Hay un mantenimiento programado en curso.
unwell-unknown = No tenemos datos de { $names }.
unwell-many-unknown = No tenemos datos de { $n } componentes.
unwell-notice = Todos los sistemas están operativos. Hay un aviso sobre { $names }.
unwell-many-notice = Todos los sistemas están operativos. Hay avisos sobre { $n } componentes.
unwell-disrupted = { $names }: servicio con problemas.
unwell-many-disrupted = { $n } componentes tienen problemas.
unwell-down = { $names }: servicio caído.
unwell-many-down = { $n } componentes están caídos.
lasting = desde hace { $span }
started = Inicio: { $since }.
affects = Afecta a { $names }.
affects-more = Afecta a { $names } y { $n } más.
next-word = Próxima actualización antes de { $until }.
more-open = { $n ->
    [one] Hay otra incidencia abierta.
   *[other] Hay otras { $n } incidencias abiertas.
}
resolved-ago = Resuelta hace { $span }:
post-mortem-ago = Análisis posterior publicado hace { $span }:
works-in = { $name } en { $span }
works-from-here = Funciona desde aquí: { $names } (comprobado a las { $clock }).
visitors-reported = { $count } visitantes lo han comunicado en los últimos 10 minutos.
measured-at = Última comprobación a las { $clock }.
measured-ago = Última comprobación hace { $span }.
ago = hace { $span }
impact-wait = { $n ->
    [one] { $count } elemento en espera ({ $what }), desde hace { $wait } en lugar de los { $usual } habituales.
   *[other] { $count } { $what } en espera; la espera más larga es de { $wait } en lugar de los { $usual } habituales.
}
impact-count = { $n ->
    [one] { $count } elemento en espera ({ $what }).
   *[other] { $count } { $what } en espera.
}
impact-growing = La cola crece en unos { $count } por minuto.
impact-falling = La cola disminuye y debería vaciarse en unos { $span }.
impact-falling-slowly = La cola disminuye lentamente.
impact-still = La cola no crece ni disminuye.
between-sentences = { " " }
waits = Qué debe ocurrir antes de dar la incidencia por resuelta
wait-failing = { $names }: el servicio debe restablecerse.
wait-unseen = Debemos volver a recibir datos de { $names }.
wait-backlog = { $n ->
    [one] La cola de { $count } elemento ({ $what }) debe disminuir.
   *[other] La cola de { $count } { $what } debe disminuir.
}
wait-capacity = Debe atenderse un riesgo de capacidad conocido.
wait-changed = Se hizo un cambio a las { $since }; el seguimiento empezó de nuevo a partir de ahí.
wait-hold = Sin fallos desde { $since }. Seguimos supervisando hasta { $until }.
wait-settling = Sin fallos desde { $since }. Debe seguir así.
wait-hold-open = Debe mantenerse estable durante un tiempo.
wait-person = Nuestro equipo debe confirmar que está resuelta.

## La primera página

open-incidents = Incidencias abiertas
announcements = Anuncios
components = Componentes
all-updates = Todas las actualizaciones
report-ask = ¿Hay algún problema que no aparezca aquí?
reported = Informado por nuestros proveedores
reported-more = De las páginas de estado de nuestros proveedores. Puede no estar relacionado.
past = Incidencias anteriores
nothing = No se han notificado incidencias
before = Anteriores
all-incidents = Todas las incidencias
and-more = { $n ->
    [one] Una más
   *[other] { $n } más
}
until = hasta { $until }

## Días

days-label = { $share } de disponibilidad en { $days ->
    [one] 1 día
   *[other] { $days } días
} con datos
days-hint = Use las flechas para pasar de un día a otro.
share-of = { $share } en { $span }
since-today = desde hoy a las { $clock }
since-day = desde el { $day }
gap-note = Nuestra monitorización se interrumpió. Sin datos: { $days }.
gap-days = { $days } ({ $span })
gap-more = { $n ->
    [one] una vez anterior
   *[other] { $n } veces anteriores
}
apart-unseen = { $span } sin datos
apart-maintenance = { $span } de mantenimiento
day-early = aún sin datos
day-unseen = sin datos
day-fine = operativo
day-down = caído durante { $span }
day-disrupted = con problemas durante { $span }
day-maintenance = mantenimiento durante { $span }
day-partly-unseen = sin datos durante { $span }
legend = Cada barra es un día, con hoy a la derecha. El tiempo perdido se recorta en la parte superior.

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
zone = Todas las horas están en { $zone }.
theme-light = Tema claro
theme-dark = Tema oscuro
live-changed = Nuevo estado:
page-stale = Esta página no se actualiza desde { "{}" }. La información puede estar desactualizada.

# What the team decided about checks of a component that fail.
silenced-until = Nuestro equipo ha silenciado sus alertas hasta { $until }.
silenced-overruled = Nuestro equipo ha descartado una comprobación que aún falla.
to-status = Estado actual
began = Inicio
over = Fin
planned-until = Programado hasta
duration = Duración
lasted-for = Duración
lasting-span = { $span }
flaps = Se recuperó y volvió a fallar { $n } veces
lasted = duró { $span }
severity = Gravedad
affected = Componentes afectados
timeline = Cronología
neighbours = Otras incidencias
older = Anterior
newer = Siguiente
days-heading = Los últimos 90 días
days-heading-month = Los últimos 30 días
days-table = Día a día
days-table-day = Día
days-table-what = Estado
uptime = Disponibilidad
uptime-span = Período
uptime-share = Disponibilidad
uptime-more = La disponibilidad se calcula sobre el tiempo con datos. El tiempo sin datos y el mantenimiento no cuentan.
span-day = 24 horas
span-week = 7 días
span-month = 30 días
span-quarter = 90 días
span-year = 365 días
incidents-heading = Incidencias
none-written = Todavía no hay incidencias registradas.
visit = Visitar
follow = Seguir este componente
badge = Insignia
history = Historial
undated = Sin fecha
search = Buscar
search-words = Palabras clave
search-component = Componente
search-any = todos
search-all = Mostrar todo
found = { $n ->
    [0] Sin resultados.
    [one] Un resultado.
   *[other] { $n } resultados.
}
cut = Se muestran las { $n } más recientes. Elija un mes o busque para ver más.
years = Por año y mes
incidents = { $n ->
    [one] una incidencia
   *[other] { $n } incidencias
}
works-open = En curso y programados
works-none = No hay mantenimiento programado.
works-done = Completados
works-calendar = Añadir los mantenimientos programados a su calendario
from-until = { $from } a { $until }
from = Desde { $from }
ahead = en { $span }
subscribe-title = Suscribirse a las actualizaciones
subscribe-text = Elija cómo quiere enterarse de las incidencias y los mantenimientos. No hace falta una cuenta.
way-feed = Feed
way-feed-text = Cada incidencia con todas sus actualizaciones, para lectores de feeds y chats.
way-calendar = Calendario
way-calendar-text = Los mantenimientos programados en su calendario.
way-programs = API
way-programs-text = La misma información en JSON, con su documentación.
way-parts = Componentes individuales
way-parts-text = Un feed propio para cada componente.
way-embed = En su propio sitio
way-embed-text = Una línea de código muestra nuestro estado en la parte superior de sus páginas.

language-name = Español
subscribe-mail = Por correo electrónico
subscribe-mail-text = Primero le enviamos un enlace. No recibirá nada más hasta que lo abra y confirme.
subscribe-address = Su dirección de correo electrónico
subscribe-options = Elegir qué recibe
subscribe-kinds = Qué enviamos
subscribe-incidents = Incidentes
subscribe-maintenance = Mantenimiento programado
subscribe-report = Informe de disponibilidad
subscribe-report-none = Ninguno
subscribe-report-weekly = Cada semana
subscribe-report-monthly = Cada mes
subscribe-components = Componentes
subscribe-components-text = Si no selecciona ninguno, le informamos de todos.
subscribe-language = Idioma de los correos
subscribe-privacy = Usamos su dirección solo para estos correos. Cada correo incluye un enlace para darse de baja y, al hacerlo, borramos su dirección.
subscribe-asked = Revise su correo.
subscribe-asked-text = Si la dirección puede recibir correos nuestros, un enlace está en camino. Es válido durante 48 horas. Si no llega nada en unos minutos, mire en la carpeta de spam o inténtelo más tarde.
subscribe-refused = Su formulario no se ha aceptado.
subscribe-no-address = No podemos usar esta dirección de correo. Compruébela, por favor.
subscribe-nothing = No ha seleccionado nada, así que no enviaríamos nada. Seleccione algo o dese de baja.
subscribe-confirm = ¿Confirmar su suscripción?
subscribe-confirm-text = Solo enviamos correos después de que confirme. Si no lo ha solicitado, cierre esta página y no se enviará nada.
subscribe-confirm-send = Confirmar suscripción
subscribe-done = Se ha suscrito.
subscribe-manage = Su suscripción
subscribe-manage-text = Puede cambiarla aquí en cualquier momento. Cada correo incluye un enlace a esta página.
subscribe-save = Guardar
subscribe-saved = Los cambios se han guardado.
subscribe-leave = ¿Darse de baja de todos los correos?
subscribe-leave-text = Borramos su dirección y no le enviamos nada más.
subscribe-leave-send = Darse de baja
subscribe-left = Se ha dado de baja.
subscribe-left-text = Su dirección se ha borrado y no recibirá más correos nuestros.
subscribe-unknown = Este enlace ya no funciona.
subscribe-unknown-text = Puede estar incompleto o haber caducado. Introduzca de nuevo su dirección para recibir otro.
report-title = Informar de un problema
report-text = Basta un clic. Su aviso nos ayuda a detectar antes los problemas.
report-known = Ya lo sabemos:
report-what = ¿Qué no funciona?
report-unknown = No estoy seguro
report-send = A mí no me funciona
report-privacy = Contamos los avisos. No guardamos quién los envió.
report-taken = Gracias.
report-taken-text = Hemos contado su aviso. La página de estado muestra lo que sabemos.
report-refused = Gracias. Por ahora tenemos suficientes avisos.
report-refused-text = Ya tenemos avisos recientes de su red o de muchos otros visitantes.
report-lost = Su aviso no se ha contado.
report-foreign = Se envió desde otro sitio web. Envíelo desde este, por favor.
report-unclear = No indica nada de esta página. Elija de nuevo, por favor.
report-unnoted = No hemos podido guardarlo ahora. Inténtelo de nuevo en un minuto, por favor.
not-found = Página no encontrada.
not-found-text = Es posible que la dirección sea incorrecta o que la página se haya eliminado.
failed = Esta página no se puede mostrar.
failed-text = El error se ha registrado. Es posible que la página de estado funcione.

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

figures = Métricas de las últimas 24 horas
figure-now = ahora { $value }, { $ago }
figure-unseen = sin datos desde { $since }
figures-all = Métricas
figure-table = Mostrar como tabla
figure-from = Desde
figure-lowest = Mínimo
figure-mean = Media
figure-highest = Máximo
figure-none = Sin datos.
figure-spans = Períodos
figure-hour = Última hora
figure-day = Últimas 24 horas
figure-week = Últimos 7 días
figure-30-days = Últimos 30 días
figure-90-days = Últimos 90 días
evidence = Mediciones
recorded-data = Registros

## What the page says of itself

honest-days = En los últimos { $days } días
honest-since = Desde { $day }
honest-noticed = { $span }, esta página { $n ->
    [0] no detectó ninguna incidencia
    [one] detectó una incidencia
   *[other] detectó { $n } incidencias
}{ $delays }
honest-one = , en menos de { $all } desde la primera señal
honest-all = , todas en menos de { $all } desde la primera señal
honest-half = , la mitad en menos de { $half } desde la primera señal y todas en menos de { $all }
honest-false = { $n ->
    [one] una incidencia se dio por resuelta demasiado pronto
   *[other] { $n } incidencias se dieron por resueltas demasiado pronto
}
honest-withdrawn = { $n ->
    [one] una incidencia se retiró
   *[other] { $n } incidencias se retiraron
}
honest-blind = no tuvo datos durante { $span }
honest-join = ;{ " " }
honest-end = .

## Lo que escribimos en las incidencias. El texto de un suceso o de un aviso va al final.

wrote-unseen = No ha habido fallos desde el cambio de las { $at }, pero todavía no podemos dar la incidencia por resuelta.
wrote-ongoing = La incidencia continúa.
wrote-waiting = Todavía no podemos dar la incidencia por resuelta.
wrote-cured = Desde el cambio de las { $at }, { $names } { $n ->
    [one] funciona
   *[other] funcionan
} de nuevo.
wrote-again = Vuelve a fallar.
wrote-eased = Ya no está en «{ $severity }»: las comprobaciones que fallaban están bien desde hace { $span }.
wrote-over = Funciona desde { $since }. La incidencia duró { $span }.
wrote-planned = Periodo de mantenimiento: de { $from } a { $until }.
wrote-begun = El mantenimiento ha comenzado.
wrote-begun-until = El mantenimiento ha comenzado. Está previsto que termine a las { $until }.
wrote-extended = El horario ha cambiado. Ahora está previsto que el mantenimiento termine a las { $until }.
wrote-done = El mantenimiento ha terminado.
wrote-cancelled = Este mantenimiento se ha cancelado.
wrote-stopped = Este mantenimiento se interrumpió antes de tiempo.
wrote-event = { $at }: { $text }
wrote-first-report = primer aviso de un usuario: { $text }
wrote-report = aviso de un usuario: { $text }
wrote-reopened = El problema ha vuelto.
wrote-withdrawn = Fue una falsa alarma: todo funcionaba. La hemos retirado.
wrote-published = Hemos publicado lo que ocurrió y lo que hemos aprendido.
our-systems = nuestros sistemas
less-than = menos de { $span }

## Lo que se vio o se comunicó

seen-restarted = Reinicio: { $names }.
seen-restarted-again = Reinicio: { $names } ({ $more ->
    [one] una vez más
   *[other] { $more } veces más
}).
seen-flushed = Un comando borró datos en { $names }.
seen-flushed-again = Se borraron datos en { $names } ({ $more ->
    [one] una vez más
   *[other] { $more } veces más
}).
seen-collapsed = La mayor parte de los datos de { $names } ha desaparecido.
seen-limit = El límite de memoria de { $names } pasó de { $before } a { $after }.
seen-limit-removed = Se quitó el límite de memoria de { $names }; era de { $before }.
seen-limit-set = Se fijó el límite de memoria de { $names } en { $after }; antes no había ninguno.
seen-a-store = un almacén de datos
seen-store = un almacén de datos
seen-process = un proceso del servicio
row-others = { $names } y { $n } más
provider-reports = { $name } informa: { $text }
reports-fails = { $name } no funciona
reports-something = algo no funciona

## Análisis posteriores

mortem-background = Contexto
mortem-problem = Problema
mortem-solution = Solución
mortem-timeline = Cronología
mortem-continued = Cronología (continuación)
mortem-future = Medidas futuras
mortem-unwritten = Nuestro equipo todavía no ha escrito esta sección.
record-update = { $word }: { $text }
record-first = Primera medición con fallo
record-end = Primera medición correcta de la recuperación
record-first-report = Primer aviso de un usuario: { $text }
record-report = Aviso de un usuario: { $text }
record-release = Versión nueva: { $text }
record-restart = Reinicio: { $text }
record-flush = Borrado: { $text }
record-limit = Límite cambiado: { $text }
record-provider = Aviso de un proveedor: { $text }
record-what = Qué ocurrió
record-more = { $n } más
record-noticed = La incidencia se registró { $span } después de la primera medición con fallo.
record-resolved = Se dio por resuelta { $span } después de la primera medición correcta.
worst-metric = Métrica
worst-value = Peor valor
worst-when = Cuándo
worst-threshold = Umbral
worst-above = más de { $value }
worst-below = menos de { $value }
worst-off = distinto de { $value }
picture-title = { $title }, según las mediciones
picture-threshold = umbral

chart-range = { $from } a { $until }
chart-values = Los valores van de { $low } a { $high }; el más alto fue a las { $at }.
chart-empty = Sin datos.
chart-shades = { $n } incidentes aparecen sombreados.
chart-shaded = Sombreado: { $label }, { $from } a { $until }.
chart-shaded-since = Sombreado: { $label }, desde { $from }.
chart-gaps = Hay huecos sin datos.
chart-limit = límite
chart-warning = aviso

## Messages of notifiers

notify-headline = { $word }: { $title }
notify-down = Caída
notify-disrupted = Problemas
notify-notice = Aviso
notify-down-again = Nueva caída
notify-disrupted-again = Problemas de nuevo
notify-notice-again = Nuevo aviso
notify-down-still = Sigue caído
notify-disrupted-still = Siguen los problemas
notify-notice-still = Sigue abierto
notify-missed = Terminó antes de que pudiéramos avisar
notify-withdrawn = Retirado
notify-announced = Mantenimiento programado
notify-upcoming = El mantenimiento empieza pronto
notify-rescheduled = Mantenimiento reprogramado
notify-begun = El mantenimiento ha empezado
notify-extended = El mantenimiento se alarga
notify-completed = Mantenimiento completado
notify-cancelled = Mantenimiento cancelado
notify-operators = Para el equipo técnico
notify-settled = Solucionado
notify-affected = Componentes afectados
notify-started = Inicio
notify-ended = Fin
notify-from = Desde
notify-until = Hasta
notify-earlier = Antes
notify-test = Prueba
notify-test-title = ignora este mensaje
notify-test-text = Una prueba del destinatario { $name }. No ha pasado nada.

## Correos

mail-earlier = Actualizaciones anteriores
mail-details = Ver los detalles
mail-digest-subject = { $site }: { $n } actualizaciones
mail-digest-text = Han ocurrido varias cosas a la vez, así que las reunimos en un solo mensaje.
mail-confirm-subject = Confirme su suscripción a { $site }
mail-confirm-text = Confirme que quiere recibir en esta dirección las actualizaciones sobre incidencias y mantenimientos de { $site }.
mail-confirm-button = Confirmar la suscripción
mail-confirm-ignore = Si no lo ha solicitado, ignore este mensaje. No recibirá ningún otro.
mail-link-until = El enlace es válido hasta el { $until }.
mail-manage-subject = Su suscripción a { $site }
mail-manage-text = Elija qué quiere saber de { $site } o anule la suscripción.
mail-manage-button = Gestionar la suscripción
mail-report-subject = { $site }: disponibilidad del { $from } al { $until }
mail-report-none = No hubo incidencias.
mail-why-subscriber = Recibe este mensaje porque se suscribió a las actualizaciones de { $site }.
mail-why-fixed = Recibe este mensaje porque esta dirección figura como destinataria de { $site }.
mail-unsubscribe = Anular la suscripción
