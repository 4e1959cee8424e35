# O que a página diz, em português.

## Estados

state-ok = operacional
state-unmeasured = nenhum incidente comunicado
state-maintenance = manutenção
state-unknown = sem dados
state-notice = aviso
state-disrupted = com problemas
state-down = fora do ar
phase-investigating = Em investigação
phase-identified = Causa identificada
phase-monitoring = Em monitorização
phase-resolved = Resolvido
phase-update = Atualização
phase-event = Evento
phase-scheduled = Agendado
phase-in-progress = Em curso
phase-completed = Concluído
phase-cancelled = Cancelado
phase-post-mortem = Análise posterior
stage-scheduled = agendada
stage-in-progress = em curso
stage-overdue = atrasada
stage-completed = concluída
stage-cancelled = cancelada
word-post = anúncio
word-resolved = resolvido
word-withdrawn = retirado
author-rule = publicado automaticamente
author-person = publicado pela nossa equipa
author-named = publicado por { $name }

## O topo da primeira página

banner-fine = Todos os sistemas estão operacionais.
banner-notice = Todos os sistemas estão operacionais. Leia o aviso abaixo.
banner-unmeasured = Nenhum incidente comunicado.
banner-unmeasured-notice = Leia o aviso abaixo.
banner-empty = Ainda não há nada a ser monitorizado.
banner-blind = Sem dados dos nossos sistemas desde { $since }.
banner-blind-more = A informação nesta página pode estar desatualizada.
banner-maintenance = Manutenção agendada até { $until }.
banner-maintenance-open = Está em curso uma manutenção agendada.
banner-watched = A funcionar de novo desde { $since }.
banner-watched-more = Estamos a monitorizar e daremos o incidente como resolvido por volta de { $until } se tudo se mantiver estável.
banner-watched-held = Não daremos o incidente como resolvido antes de { $until }.
unwell-maintenance = Está em curso uma manutenção agendada.
unwell-many-maintenance = Está em curso uma manutenção agendada.
unwell-unknown = Não temos dados de { $names }.
unwell-many-unknown = Não temos dados de { $n } componentes.
unwell-notice = Todos os sistemas estão operacionais. Há um aviso sobre { $names }.
unwell-many-notice = Todos os sistemas estão operacionais. Há avisos sobre { $n } componentes.
unwell-disrupted = { $names }: serviço com problemas.
unwell-many-disrupted = { $n } componentes têm problemas.
unwell-down = { $names }: serviço fora do ar.
unwell-many-down = { $n } componentes estão fora do ar.
lasting = há { $span }
started = Início: { $since }.
affects = Afeta { $names }.
affects-more = Afeta { $names } e mais { $n }.
next-word = Próxima atualização até { $until }.
more-open = { $n ->
    [one] Há outro incidente aberto.
   *[other] Há outros { $n } incidentes abertos.
}
resolved-ago = Resolvido há { $span }:
post-mortem-ago = Análise posterior publicada há { $span }:
works-in = { $name } em { $span }
works-from-here = Funciona a partir daqui: { $names } (verificado às { $clock }).
visitors-reported = { $count } visitantes comunicaram isto nos últimos 10 minutos.
measured-at = Última verificação às { $clock }.
measured-ago = Última verificação há { $span }.
ago = há { $span }
impact-wait = { $n ->
    [one] { $count } item em espera ({ $what }), há { $wait } em vez dos habituais { $usual }.
   *[other] { $count } { $what } em espera; a espera mais longa é de { $wait } em vez dos habituais { $usual }.
}
impact-count = { $n ->
    [one] { $count } item em espera ({ $what }).
   *[other] { $count } { $what } em espera.
}
impact-growing = A fila está a crescer cerca de { $count } por minuto.
impact-falling = A fila está a diminuir e deverá ficar vazia dentro de cerca de { $span }.
impact-falling-slowly = A fila está a diminuir lentamente.
impact-still = A fila não aumenta nem diminui.
between-sentences = { " " }
waits = O que tem de acontecer antes de darmos o incidente como resolvido
wait-failing = { $names }: o serviço tem de ser restabelecido.
wait-unseen = Temos de voltar a receber dados de { $names }.
wait-backlog = { $n ->
    [one] A fila de { $count } item ({ $what }) tem de diminuir.
   *[other] A fila de { $count } { $what } tem de diminuir.
}
wait-capacity = Um risco de capacidade conhecido tem de ser tratado.
wait-changed = Foi feita uma alteração às { $since }; a monitorização recomeçou a partir daí.
wait-hold = Sem falhas desde { $since }. Estamos a monitorizar até { $until }.
wait-settling = Sem falhas desde { $since }. Tem de continuar assim.
wait-hold-open = Tem de permanecer estável durante algum tempo.
wait-person = A nossa equipa tem de confirmar que está resolvido.

## A primeira página

open-incidents = Incidentes abertos
announcements = Anúncios
components = Componentes
all-updates = Todas as atualizações
report-ask = Há algum problema que não está listado aqui?
reported = Comunicado pelos nossos fornecedores
reported-more = Das páginas de estado dos nossos fornecedores. Pode não estar relacionado.
past = Incidentes anteriores
nothing = Nenhum incidente comunicado
before = Anteriores
all-incidents = Todos os incidentes
and-more = { $n ->
    [one] Mais um
   *[other] Mais { $n }
}
until = até { $until }

## Dias

days-label = { $share } de disponibilidade em { $days ->
    [one] 1 dia
   *[other] { $days } dias
} com dados
days-hint = Use as setas para passar de um dia para outro.
share-of = { $share } em { $span }
since-today = desde as { $clock } de hoje
since-day = desde { $day }
gap-note = A nossa monitorização foi interrompida. Sem dados: { $days }.
gap-days = { $days } ({ $span })
gap-more = { $n ->
    [one] uma vez antes
   *[other] { $n } vezes antes
}
apart-unseen = { $span } sem dados
apart-maintenance = { $span } de manutenção
day-early = ainda sem dados
day-unseen = sem dados
day-fine = operacional
day-down = fora do ar durante { $span }
day-disrupted = com problemas durante { $span }
day-maintenance = manutenção durante { $span }
day-partly-unseen = sem dados durante { $span }
legend = Cada barra é um dia, com hoje à direita. O tempo perdido é cortado no topo da barra.

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
zone = Todas as horas estão em { $zone }.
theme-light = Tema claro
theme-dark = Tema escuro
live-changed = Novo estado:
page-stale = Esta página não é atualizada desde { "{}" }. A informação pode estar desatualizada.

# What the team decided about checks of a component that fail.
silenced-until = A nossa equipa silenciou os alertas até { $until }.
silenced-overruled = A nossa equipa desconsiderou uma verificação que ainda falha.
to-status = Estado atual
began = Início
over = Fim
planned-until = Agendado até
duration = Duração
lasted-for = Duração
lasting-span = { $span }
flaps = Recuperou e voltou a falhar { $n } vezes
lasted = durou { $span }
severity = Gravidade
affected = Componentes afetados
timeline = Cronologia
neighbours = Outros incidentes
older = Anterior
newer = Seguinte
days-heading = Os últimos 90 dias
days-heading-month = Os últimos 30 dias
days-table = Dia a dia
days-table-day = Dia
days-table-what = Estado
uptime = Disponibilidade
uptime-span = Período
uptime-share = Disponibilidade
uptime-more = A disponibilidade é calculada sobre o tempo com dados. O tempo sem dados e a manutenção não contam.
span-day = 24 horas
span-week = 7 dias
span-month = 30 dias
span-quarter = 90 dias
span-year = 365 dias
incidents-heading = Incidentes
none-written = Ainda não há incidentes registados.
visit = Visitar
follow = Seguir este componente
badge = Badge
history = Histórico
undated = Sem data
search = Pesquisar
search-words = Palavras-chave
search-component = Componente
search-any = todos
search-all = Mostrar tudo
found = { $n ->
    [0] Sem resultados.
    [one] Um resultado.
   *[other] { $n } resultados.
}
cut = São mostrados os { $n } mais recentes. Escolha um mês ou pesquise para ver mais.
years = Por ano e mês
incidents = { $n ->
    [one] um incidente
   *[other] { $n } incidentes
}
works-open = Em curso e agendadas
works-none = Não há manutenção agendada.
works-done = Concluídas
works-calendar = Adicionar as manutenções agendadas ao seu calendário
from-until = { $from } a { $until }
from = A partir de { $from }
ahead = dentro de { $span }
subscribe-title = Subscrever atualizações
subscribe-text = Escolha como quer saber de incidentes e manutenções. Não é necessária uma conta.
way-feed = Feed
way-feed-text = Cada incidente com todas as suas atualizações, para leitores de feeds e chats.
way-calendar = Calendário
way-calendar-text = As manutenções agendadas no seu calendário.
way-programs = API
way-programs-text = A mesma informação em JSON, com a sua documentação.
way-parts = Componentes individuais
way-parts-text = Um feed próprio para cada componente.
way-embed = No seu próprio site
way-embed-text = Uma linha de código mostra o nosso estado no topo das suas páginas.

language-name = Português
subscribe-mail = Por e-mail
subscribe-mail-text = Primeiro enviamos-lhe uma ligação. Não recebe mais nada até a abrir e confirmar.
subscribe-address = O seu endereço de e-mail
subscribe-options = Escolher o que recebe
subscribe-kinds = O que enviamos
subscribe-incidents = Incidentes
subscribe-maintenance = Manutenção agendada
subscribe-report = Relatório de disponibilidade
subscribe-report-none = Nenhum
subscribe-report-weekly = Todas as semanas
subscribe-report-monthly = Todos os meses
subscribe-components = Componentes
subscribe-components-text = Se não selecionar nenhum, recebe avisos sobre todos.
subscribe-language = Idioma dos e-mails
subscribe-privacy = Usamos o seu endereço apenas para estes e-mails. Cada e-mail tem uma ligação para cancelar a subscrição; ao cancelar, apagamos o seu endereço.
subscribe-asked = Verifique a sua caixa de correio.
subscribe-asked-text = Se o endereço puder receber os nossos e-mails, uma ligação está a caminho. É válida durante 48 horas. Se não chegar nada dentro de alguns minutos, veja a pasta de spam ou tente mais tarde.
subscribe-refused = O seu formulário não foi aceite.
subscribe-no-address = Não podemos usar este endereço de e-mail. Verifique-o, por favor.
subscribe-nothing = Não selecionou nada, por isso não enviaríamos nada. Selecione algo ou cancele a subscrição.
subscribe-confirm = Confirmar a sua subscrição?
subscribe-confirm-text = Só enviamos e-mails depois de confirmar. Se não pediu isto, feche esta página e nada será enviado.
subscribe-confirm-send = Confirmar subscrição
subscribe-done = A subscrição está ativa.
subscribe-manage = A sua subscrição
subscribe-manage-text = Pode alterá-la aqui em qualquer altura. Cada e-mail tem uma ligação para esta página.
subscribe-save = Guardar
subscribe-saved = As alterações foram guardadas.
subscribe-leave = Cancelar a subscrição de todos os e-mails?
subscribe-leave-text = Apagamos o seu endereço e não lhe enviamos mais nada.
subscribe-leave-send = Cancelar subscrição
subscribe-left = A subscrição foi cancelada.
subscribe-left-text = O seu endereço foi apagado e não receberá mais e-mails nossos.
subscribe-unknown = Esta ligação já não funciona.
subscribe-unknown-text = Pode estar incompleta ou ter expirado. Introduza novamente o seu endereço para receber uma nova.
report-title = Comunicar um problema
report-text = Basta um clique. A sua comunicação ajuda-nos a detetar problemas mais cedo.
report-known = Já sabemos disto:
report-what = O que não funciona?
report-unknown = Não tenho a certeza
report-send = Não funciona para mim
report-privacy = Contamos as comunicações. Não guardamos quem as enviou.
report-taken = Obrigado.
report-taken-text = Contámos a sua comunicação. A página de estado mostra o que sabemos.
report-refused = Obrigado. De momento temos comunicações suficientes.
report-refused-text = Já temos comunicações recentes da sua rede ou de muitos outros visitantes.
report-lost = A sua comunicação não foi contada.
report-foreign = Foi enviada a partir de outro site. Envie-a a partir deste, por favor.
report-unclear = Não indica nada desta página. Escolha de novo, por favor.
report-unnoted = Não foi possível guardá-la agora. Tente de novo dentro de um minuto, por favor.
not-found = Página não encontrada.
not-found-text = O endereço pode estar errado, ou a página pode ter sido removida.
failed = Não foi possível mostrar esta página.
failed-text = O erro ficou registado. A página de estado poderá ainda funcionar.

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

figures = Métricas das últimas 24 horas
figure-now = agora { $value }, { $ago }
figure-unseen = sem dados desde { $since }
figures-all = Métricas
figure-table = Mostrar como tabela
figure-from = Desde
figure-lowest = Mínimo
figure-mean = Média
figure-highest = Máximo
figure-none = Sem dados.
figure-spans = Períodos
figure-hour = Última hora
figure-day = Últimas 24 horas
figure-week = Últimos 7 dias
figure-30-days = Últimos 30 dias
figure-90-days = Últimos 90 dias
evidence = Medições
recorded-data = Registos

## What the page says of itself

honest-days = Nos últimos { $days } dias
honest-since = Desde { $day }
honest-noticed = { $span }, esta página { $n ->
    [0] não detetou nenhum incidente
    [one] detetou um incidente
   *[other] detetou { $n } incidentes
}{ $delays }
honest-one = , em menos de { $all } desde o primeiro sinal
honest-all = , todos em menos de { $all } desde o primeiro sinal
honest-half = , metade em menos de { $half } desde o primeiro sinal e todos em menos de { $all }
honest-false = { $n ->
    [one] um incidente foi dado como resolvido cedo demais
   *[other] { $n } incidentes foram dados como resolvidos cedo demais
}
honest-withdrawn = { $n ->
    [one] um incidente foi retirado
   *[other] { $n } incidentes foram retirados
}
honest-blind = não teve dados durante { $span }
honest-join = ;{ " " }
honest-end = .

## O que escrevemos nos incidentes. O texto de um evento ou de um aviso vem no fim.

wrote-unseen = Não houve falhas desde a alteração das { $at }, mas ainda não podemos dar o incidente como resolvido.
wrote-ongoing = O incidente continua.
wrote-waiting = Ainda não podemos dar o incidente como resolvido.
wrote-cured = Desde a alteração das { $at }, { $names } { $n ->
    [one] funciona
   *[other] funcionam
} de novo.
wrote-again = Voltou a falhar.
wrote-eased = Já não está em «{ $severity }»: as verificações que falhavam estão bem há { $span }.
wrote-over = A funcionar desde { $since }. O incidente durou { $span }.
wrote-planned = Período de manutenção: de { $from } a { $until }.
wrote-begun = A manutenção começou.
wrote-begun-until = A manutenção começou. Está previsto que termine às { $until }.
wrote-extended = O horário mudou. Está agora previsto que a manutenção termine às { $until }.
wrote-done = A manutenção está concluída.
wrote-cancelled = Esta manutenção foi cancelada.
wrote-stopped = Esta manutenção foi interrompida antes do fim.
wrote-event = { $at }: { $text }
wrote-first-report = primeiro aviso de um utilizador: { $text }
wrote-report = aviso de um utilizador: { $text }
wrote-reopened = O problema voltou.
wrote-withdrawn = Foi um falso alarme: estava tudo bem. Retirámo-lo.
wrote-published = Publicámos o que aconteceu e o que aprendemos.
our-systems = os nossos sistemas
less-than = menos de { $span }

## O que foi visto ou comunicado

seen-restarted = Reinício: { $names }.
seen-restarted-again = Reinício: { $names } ({ $more ->
    [one] mais uma vez
   *[other] mais { $more } vezes
}).
seen-flushed = Um comando apagou dados em { $names }.
seen-flushed-again = Foram apagados dados em { $names } ({ $more ->
    [one] mais uma vez
   *[other] mais { $more } vezes
}).
seen-collapsed = A maior parte dos dados de { $names } desapareceu.
seen-limit = O limite de memória de { $names } passou de { $before } para { $after }.
seen-limit-removed = O limite de memória de { $names } foi removido; era de { $before }.
seen-limit-set = O limite de memória de { $names } foi fixado em { $after }; antes não havia nenhum.
seen-a-store = um repositório de dados
seen-store = um repositório de dados
seen-process = um processo do serviço
row-others = { $names } e mais { $n }
provider-reports = { $name } comunica: { $text }
reports-fails = { $name } não funciona
reports-something = algo não funciona

## Análises posteriores

mortem-background = Contexto
mortem-problem = Problema
mortem-solution = Solução
mortem-timeline = Cronologia
mortem-continued = Cronologia (continuação)
mortem-future = Medidas futuras
mortem-unwritten = A nossa equipa ainda não escreveu esta secção.
record-update = { $word }: { $text }
record-first = Primeira medição com falha
record-end = Primeira medição correta da recuperação
record-first-report = Primeiro aviso de um utilizador: { $text }
record-report = Aviso de um utilizador: { $text }
record-release = Nova versão: { $text }
record-restart = Reinício: { $text }
record-flush = Eliminação: { $text }
record-limit = Limite alterado: { $text }
record-provider = Aviso de um fornecedor: { $text }
record-what = O que aconteceu
record-more = mais { $n }
record-noticed = O incidente foi registado { $span } depois da primeira medição com falha.
record-resolved = Foi dado como resolvido { $span } depois da primeira medição correta.
worst-metric = Métrica
worst-value = Pior valor
worst-when = Quando
worst-threshold = Limiar
worst-above = mais de { $value }
worst-below = menos de { $value }
worst-off = diferente de { $value }
picture-title = { $title }, segundo as medições
picture-threshold = limiar

chart-range = { $from } a { $until }
chart-values = Os valores vão de { $low } a { $high }; o mais alto foi às { $at }.
chart-empty = Sem dados.
chart-shades = { $n } incidentes aparecem sombreados.
chart-shaded = Sombreado: { $label }, { $from } a { $until }.
chart-shaded-since = Sombreado: { $label }, desde { $from }.
chart-gaps = Há lacunas sem dados.
chart-limit = limite
chart-warning = aviso

## Messages of notifiers

notify-headline = { $word }: { $title }
notify-down = Fora do ar
notify-disrupted = Problemas
notify-notice = Aviso
notify-down-again = Fora do ar novamente
notify-disrupted-again = Problemas novamente
notify-notice-again = Novo aviso
notify-down-still = Continua fora do ar
notify-disrupted-still = Os problemas continuam
notify-notice-still = Continua em aberto
notify-missed = Terminou antes que pudéssemos avisar
notify-withdrawn = Retirado
notify-announced = Manutenção agendada
notify-upcoming = A manutenção começa em breve
notify-rescheduled = Manutenção reagendada
notify-begun = A manutenção começou
notify-extended = A manutenção foi prolongada
notify-completed = Manutenção concluída
notify-cancelled = Manutenção cancelada
notify-operators = Para a equipe técnica
notify-settled = Solucionado
notify-affected = Componentes afetados
notify-started = Início
notify-ended = Fim
notify-from = De
notify-until = Até
notify-earlier = Antes
notify-test = Teste
notify-test-title = ignore esta mensagem
notify-test-text = Um teste do destinatário { $name }. Nada aconteceu.

## E-mails

mail-earlier = Atualizações anteriores
mail-details = Ver os detalhes
mail-digest-subject = { $site }: { $n } atualizações
mail-digest-text = Aconteceram várias coisas ao mesmo tempo, por isso juntámo-las numa só mensagem.
mail-confirm-subject = Confirme a sua subscrição de { $site }
mail-confirm-text = Confirme que quer receber neste endereço as atualizações sobre incidentes e manutenções de { $site }.
mail-confirm-button = Confirmar a subscrição
mail-confirm-ignore = Se não fez este pedido, ignore esta mensagem. Não receberá mais nenhuma.
mail-link-until = A ligação é válida até { $until }.
mail-manage-subject = A sua subscrição de { $site }
mail-manage-text = Escolha o que quer saber de { $site } ou cancele a subscrição.
mail-manage-button = Gerir a subscrição
mail-report-subject = { $site }: disponibilidade de { $from } a { $until }
mail-report-none = Não houve incidentes.
mail-why-subscriber = Recebe esta mensagem porque subscreveu as atualizações de { $site }.
mail-why-fixed = Recebe esta mensagem porque este endereço está configurado como destinatário de { $site }.
mail-unsubscribe = Cancelar a subscrição
