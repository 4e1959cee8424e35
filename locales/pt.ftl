# O que a página diz, em português.

## Estados

state-ok = em ordem
state-maintenance = manutenção
state-unknown = não visível
state-notice = aviso
state-disrupted = perturbado
state-down = fora do ar
phase-investigating = Em investigação
phase-identified = Causa encontrada
phase-monitoring = Em observação
phase-resolved = Resolvido
phase-update = Novidade
phase-event = Evento
phase-scheduled = Previsto
phase-in-progress = Em curso
phase-completed = Concluído
phase-cancelled = Cancelado
stage-scheduled = prevista
stage-in-progress = em curso
stage-overdue = atrasada
stage-completed = concluída
stage-cancelled = cancelada
word-post = anúncio
word-resolved = resolvido
author-rule = notado por uma regra
author-person = escrito por uma pessoa

## O topo da primeira página

banner-fine = Tudo funciona.
banner-notice = Tudo funciona; leia por favor o aviso abaixo.
banner-blind = Não vemos os nossos sistemas desde { $since }.
banner-blind-more = O que lê aqui pode estar desatualizado.
banner-maintenance = Manutenção prevista até { $until }.
banner-maintenance-open = Há uma manutenção prevista em curso.
banner-watched = Funciona de novo desde { $since }.
banner-watched-more = Observamos até { $until } antes de dar o caso por encerrado.
unwell-maintenance = Há uma manutenção prevista em curso.
unwell-many-maintenance = Há uma manutenção prevista em curso.
unwell-unknown = Não vemos como { $n ->
    [one] está
   *[other] estão
} { $names }.
unwell-many-unknown = Não vemos como estão { $n } partes.
unwell-notice = Tudo funciona; há um aviso sobre { $names }.
unwell-many-notice = Tudo funciona; há avisos sobre { $n } partes.
unwell-disrupted = { $names }: serviço perturbado.
unwell-many-disrupted = { $n } partes estão perturbadas.
unwell-down = { $names }: serviço fora do ar.
unwell-many-down = { $n } partes estão fora do ar.
lasting = há { $span }
started = Início: { $since }.
one-affected = { $name } é afetado.
some-affected = { $n } partes são afetadas.
next-word = Próxima notícia até { $until }.
more-open = { $n ->
    [one] Há outro incidente aberto.
   *[other] Há outros { $n } incidentes abertos.
}
measured-at = Medido às { $clock }.
measured-ago = Medido há { $span }.
impact-wait = { $count } { $what } em espera, o mais antigo { $wait } em vez de { $usual }.
impact-count = { $count } { $what } em espera.
impact-growing = Está a piorar: cerca de { $count } mais por minuto.
impact-falling = Está a melhorar: faltam cerca de { $span }.
impact-falling-slowly = Está a melhorar, mas devagar.
impact-still = Não melhora nem piora.
between-sentences = { " " }
waits = Antes de dar o caso por encerrado
wait-failing = { $names }: tem de voltar a funcionar.
wait-unseen = Temos de conseguir ver { $names }.
wait-backlog = { $count } { $what } têm de ser tratados.
wait-capacity = Pode pedir-se aos nossos sistemas mais do que podem dar. Isso tem de ser resolvido primeiro.
wait-changed = Algo foi alterado às { $since }; observamos a partir daí.
wait-hold = Está tudo bem e tem de continuar assim até { $until }.
wait-hold-open = Está tudo bem e tem de continuar assim algum tempo.
wait-person = Uma pessoa decide quando termina.

## A primeira página

open-incidents = Incidentes abertos
announcements = Anúncios
components = Partes
all-updates = Todas as novidades
report-ask = Algo falha consigo que não está aqui?
reported = Comunicado por fornecedores
reported-more = O que outros dizem de si mesmos. Não tem de ser a causa de nada aqui.
past = Os últimos dias
nothing = Nada a comunicar
before = Antes disso
all-incidents = Todos os incidentes
and-more = { $n ->
    [one] Mais um
   *[other] Mais { $n }
}
until = até { $until }

## Dias

days-label = { $days ->
    [one] 1 dia visto
   *[other] { $days } dias vistos
}: em ordem { $share } do tempo visto
days-hint = As setas vão de dia em dia.
share-of = { $share } de { $span }
apart-unseen = { $span } não visto
apart-maintenance = { $span } de manutenção
day-early = ainda não medido
day-unseen = não visto
day-fine = em ordem
day-down = fora do ar durante { $span }
day-disrupted = perturbado durante { $span }
day-maintenance = manutenção durante { $span }
day-partly-unseen = não visto durante { $span }
legend = Cada barra é um dia, hoje à direita. O que se perdeu está cortado em cima. As percentagens são dos últimos 90 dias.

## Páginas

skip = Ir para o conteúdo
status-suffix = { " " }– estado
nav-pages = Páginas
nav-more = Mais páginas
nav-status = Estado
nav-history = Histórico
nav-maintenance = Manutenção
nav-subscribe = Subscrever
nav-report = Comunicar um problema
zone = Horas em { $zone }.
theme-light = Cores claras
theme-dark = Cores escuras
live-changed = A página mudou:
page-stale = Esta página não é atualizada desde { "{}" }. O que lê pode estar desatualizado.
to-status = Para o estado
began = Início
over = Fim
planned-until = Previsto até
duration = Duração
lasted = durou { $span }
severity = Gravidade
affected = Afetados
timeline = Decurso
neighbours = Outros incidentes
older = Anterior
newer = Seguinte
days-heading = Os últimos 90 dias
days-table = Os dias em tabela
days-table-day = Dia
days-table-what = Estado
uptime = Disponibilidade
uptime-span = Período
uptime-share = Disponível
uptime-more = A parte é a do tempo visto. O tempo não visto e a manutenção não contam.
span-day = 24 horas
span-week = 7 dias
span-month = 30 dias
span-quarter = 90 dias
span-year = 365 dias
incidents-heading = Incidentes
none-written = Ainda nada foi escrito.
visit = Abrir
follow = Seguir
badge = Distintivo
history = Histórico
undated = Sem data
search = Procurar
search-words = Palavras
search-component = Parte
search-any = todas
search-all = Mostrar tudo
found = { $n ->
    [0] Nada encontrado.
    [one] Um incidente encontrado.
   *[other] { $n } incidentes encontrados.
}
cut = Mostram-se os { $n } mais recentes. Escolha um mês ou procure.
years = Por ano e mês
incidents = { $n ->
    [one] um incidente
   *[other] { $n } incidentes
}
works-open = Em curso e previstas
works-none = Não há manutenção prevista.
works-done = Concluídas
works-calendar = Adicionar o calendário da manutenção prevista
from-until = { $from } a { $until }
from = A partir de { $from }
ahead = dentro de { $span }
subscribe-title = Ser avisado
subscribe-text = Escolha como quer saber que algo acontece. Não é precisa uma conta.
way-feed = Feed
way-feed-text = Para leitores de feeds e chats: cada incidente com todas as novidades.
way-calendar = Calendário
way-calendar-text = A manutenção prevista no seu calendário.
way-programs = Programas
way-programs-text = O mesmo em JSON, com a sua descrição.
way-parts = Partes separadas
way-parts-text = Um feed para cada uma.
way-embed = No seu próprio site
way-embed-text = Uma linha mostra o estado no topo das suas páginas.
report-title = Comunicar um problema
report-text = Um toque basta. Ajuda-nos a notar mais cedo.
report-known = Já sabemos disto:
report-what = O que falha?
report-unknown = Não sei dizer
report-send = Comigo falha
report-privacy = Contamos as comunicações. Não guardamos quem as enviou.
report-taken = Obrigado.
report-taken-text = A sua comunicação foi contada. O que sabemos está na página de estado.
report-refused = Obrigado, por agora chega.
report-refused-text = Chegaram muitas comunicações em pouco tempo. Já notámos.
report-lost = A sua comunicação não foi contada.
report-foreign = Foi enviada por uma página de outro sítio. Envie-a a partir desta, por favor.
report-unclear = Não indica nada que esteja nesta página. Escolha de novo, por favor.
report-unnoted = Não foi possível anotá-la agora. Tente de novo dentro de um minuto, por favor.
not-found = Essa página não existe.
not-found-text = O endereço pode estar mal escrito, ou a página foi retirada.
failed = Esta página não pode ser mostrada.
failed-text = Somos avisados disso. Talvez a primeira página funcione.

## Números, tempos e listas

number-group = .
number-point = ,
percent = { $number } %
row = { $first } e { $last }
row-comma = ,{ " " }
unit-s = { $n } s
unit-min = { $n } min
unit-h = { $n } h
unit-d = { $n ->
    [one] { $n } dia
   *[other] { $n } dias
}
span = { $first } { $second }
day = { $day } de { $month }
day-and-year = { $day } de { $month } de { $year }
day-and-clock = { $day }, { $clock }
weekday-and-day = { $weekday }, { $day }
month-and-year = { $month } de { $year }
days = { $from } a { $to }
days-of-month = { $first } a { $to }
weekday-1 = segunda-feira
weekday-2 = terça-feira
weekday-3 = quarta-feira
weekday-4 = quinta-feira
weekday-5 = sexta-feira
weekday-6 = sábado
weekday-7 = domingo
month-1 = janeiro
month-2 = fevereiro
month-3 = março
month-4 = abril
month-5 = maio
month-6 = junho
month-7 = julho
month-8 = agosto
month-9 = setembro
month-10 = outubro
month-11 = novembro
month-12 = dezembro

## Figures

figures = Medições do último dia
figure-now = agora { $value }
figure-table = Como tabela
figure-from = Desde
figure-lowest = Mínimo
figure-mean = Média
figure-highest = Máximo
figure-none = Nada foi medido.
figure-spans = Períodos
figure-hour = Última hora
figure-day = Último dia
figure-week = Última semana
figure-30-days = Últimos 30 dias
figure-90-days = Últimos 90 dias
evidence = O que foi medido

## What the page says of itself

honest-days = Nos últimos { $days } dias
honest-since = Desde { $day }
honest-noticed = { $span } esta página notou { $n ->
    [0] nenhum incidente
    [one] um incidente
   *[other] { $n } incidentes
}{ $delays }
honest-one = , em { $all } após o primeiro sinal
honest-all = , todos em { $all } após o primeiro sinal
honest-half = , metade em { $half } após o primeiro sinal e todos em { $all }
honest-false = { $n ->
    [one] um fim foi anunciado cedo demais
   *[other] { $n } fins foram anunciados cedo demais
}
honest-withdrawn = { $n ->
    [one] um foi retirado
   *[other] { $n } foram retirados
}
honest-blind = não conseguiu ver durante { $span }
honest-join = ;{ " " }
honest-end = .
