# Ciò che la pagina dice, in italiano.

## Stati

state-ok = operativo
state-unmeasured = nessun incidente segnalato
state-maintenance = manutenzione
state-unknown = nessun dato
state-notice = avviso
state-disrupted = con problemi
state-down = non disponibile
phase-investigating = In analisi
phase-identified = Causa individuata
phase-monitoring = In monitoraggio
phase-resolved = Risolto
phase-update = Aggiornamento
phase-event = Evento
phase-scheduled = Programmata
phase-in-progress = In corso
phase-completed = Completata
phase-cancelled = Annullata
phase-post-mortem = Analisi post-incidente
stage-scheduled = programmata
stage-in-progress = in corso
stage-overdue = in ritardo
stage-completed = completata
stage-cancelled = annullata
word-post = annuncio
word-resolved = risolto
word-withdrawn = ritirato
author-rule = pubblicato automaticamente
author-person = pubblicato dal nostro team
author-named = pubblicato da { $name }

## La testata della prima pagina

banner-fine = Tutti i sistemi sono operativi.
banner-notice = Tutti i sistemi sono operativi. Leggi l’avviso qui sotto.
banner-unmeasured = Nessun incidente segnalato.
banner-unmeasured-notice = Leggi l’avviso qui sotto.
banner-empty = Per ora non è monitorato nulla.
banner-blind = Nessun dato dai nostri sistemi dalle { $since }.
banner-blind-more = Le informazioni in questa pagina potrebbero non essere aggiornate.
banner-maintenance = Manutenzione programmata fino alle { $until }.
banner-maintenance-open = È in corso una manutenzione programmata.
banner-watched = Di nuovo operativo dalle { $since }.
banner-watched-more = Stiamo monitorando e considereremo l’incidente risolto verso le { $until } se tutto resta stabile.
banner-watched-held = Non considereremo l’incidente risolto prima delle { $until }.
unwell-maintenance = È in corso una manutenzione programmata.
unwell-many-maintenance = È in corso una manutenzione programmata.
unwell-unknown = Non abbiamo dati per { $names }.
unwell-many-unknown = Non abbiamo dati per { $n } componenti.
unwell-notice = Tutti i sistemi sono operativi. C’è un avviso su { $names }.
unwell-many-notice = Tutti i sistemi sono operativi. Ci sono avvisi su { $n } componenti.
unwell-disrupted = { $names }: servizio con problemi.
unwell-many-disrupted = { $n } componenti hanno problemi.
unwell-down = { $names }: servizio non disponibile.
unwell-many-down = { $n } componenti non sono disponibili.
lasting = da { $span }
started = Inizio: { $since }.
affects = Componenti interessati: { $names }.
affects-more = { $n ->
    [one] Componenti interessati: { $names } e un altro.
   *[other] Componenti interessati: { $names } e altri { $n }.
}
next-word = Prossimo aggiornamento entro: { $until }.
more-open = { $n ->
    [one] C’è un altro incidente in corso.
   *[other] Ci sono altri { $n } incidenti in corso.
}
resolved-ago = Risolto { $span } fa:
post-mortem-ago = Analisi post-incidente pubblicata { $span } fa:
works-in = { $name } in { $span }
works-from-here = Da qui funziona: { $names } (verificato alle { $clock }).
visitors-reported = { $count } visitatori lo hanno segnalato negli ultimi 10 minuti.
measured-at = Ultima verifica alle { $clock }.
measured-ago = Ultima verifica { $span } fa.
ago = { $span } fa
impact-wait = { $n ->
    [one] In attesa: { $count } elemento ({ $what }). L’attesa è di { $wait }, di solito è di { $usual }.
   *[other] In attesa: { $count } { $what }. L’attesa più lunga è di { $wait }, di solito è di { $usual }.
}
impact-count = { $n ->
    [one] In attesa: { $count } elemento ({ $what }).
   *[other] In attesa: { $count } { $what }.
}
impact-growing = La coda cresce di circa { $count } al minuto.
impact-falling = La coda sta diminuendo e dovrebbe esaurirsi tra circa { $span }.
impact-falling-slowly = La coda sta diminuendo lentamente.
impact-still = La coda non cresce e non diminuisce.
between-sentences = { " " }
waits = Che cosa deve accadere prima che consideriamo l’incidente risolto
wait-failing = Deve tornare a funzionare: { $names }.
wait-unseen = Dobbiamo ricevere di nuovo dati per { $names }.
wait-backlog = { $n ->
    [one] La coda di { $count } elemento ({ $what }) deve diminuire.
   *[other] La coda di { $count } { $what } deve diminuire.
}
wait-capacity = Un rischio di capacità noto deve essere risolto.
wait-changed = È stata fatta una modifica ({ $since }); il monitoraggio è ripartito da lì.
wait-hold = Nessun errore dalle { $since }. Continuiamo a monitorare fino a: { $until }.
wait-settling = Nessun errore dalle { $since }. Deve restare così.
wait-hold-open = La situazione deve restare stabile per un po’.
wait-person = Il nostro team deve confermare che l’incidente è risolto.

## La prima pagina

open-incidents = Incidenti in corso
announcements = Annunci
components = Componenti
all-updates = Tutti gli aggiornamenti
report-ask = C’è un problema che qui non compare?
reported = Segnalato dai nostri fornitori
reported-more = Dalle pagine di stato dei nostri fornitori. Potrebbe non esserci un legame.
past = Incidenti passati
nothing = Nessun incidente segnalato
before = In precedenza
all-incidents = Tutti gli incidenti
and-more = { $n ->
    [one] Un altro
   *[other] Altri { $n }
}
until = fino a: { $until }

## Giorni

days-label = disponibilità { $share } in { $days ->
    [one] 1 giorno
   *[other] { $days } giorni
} con dati
days-hint = Usa i tasti freccia per passare da un giorno all’altro.
share-of = { $share } in { $span }
since-today = dalle { $clock } di oggi
since-day = da { $day }
gap-note = Il nostro monitoraggio si è interrotto. Nessun dato: { $days }.
gap-days = { $days } ({ $span })
gap-more = { $n ->
    [one] un’altra volta in precedenza
   *[other] altre { $n } volte in precedenza
}
apart-unseen = { $span } senza dati
apart-maintenance = { $span } di manutenzione
day-early = ancora nessun dato
day-unseen = nessun dato
day-fine = operativo
day-down = non disponibile per { $span }
day-disrupted = con problemi per { $span }
day-maintenance = manutenzione per { $span }
day-partly-unseen = nessun dato per { $span }
legend = Ogni barra è un giorno, oggi è a destra. Il tempo perso è tagliato dalla cima della barra.

## Pagine

skip = Vai al contenuto
status-suffix = { " " }– stato
nav-pages = Pagine
nav-more = Altre pagine
nav-status = Stato
nav-history = Cronologia
nav-maintenance = Manutenzione
nav-subscribe = Iscriviti
nav-report = Segnala un problema
zone = Tutti gli orari sono in { $zone }.
theme-light = Tema chiaro
theme-dark = Tema scuro
live-changed = Nuovo stato:
page-stale = Questa pagina non si aggiorna dalle { "{}" }. Le informazioni potrebbero non essere attuali.

# What the team decided about checks of a component that fail.
silenced-until = Il nostro team ha silenziato i suoi avvisi. Fine: { $until }.
silenced-overruled = Il nostro team ha scelto di ignorare un controllo che fallisce ancora.
to-status = Stato attuale
began = Inizio
over = Fine
planned-until = Fine prevista
duration = Durata
lasted-for = Durata
lasting-span = { $span }
flaps = { $n ->
    [one] Ripristinato e interrotto di nuovo 1 volta
   *[other] Ripristinato e interrotto di nuovo { $n } volte
}
lasted = durata { $span }
severity = Gravità
affected = Componenti interessati
timeline = Sequenza degli eventi
neighbours = Altri incidenti
older = Precedente
newer = Successivo
days-heading = Gli ultimi 90 giorni
days-heading-month = Gli ultimi 30 giorni
days-table = Giorno per giorno
days-table-day = Giorno
days-table-what = Stato
uptime = Disponibilità
uptime-span = Periodo
uptime-share = Disponibilità
uptime-more = La disponibilità è calcolata sul tempo con dati. Il tempo senza dati e la manutenzione non contano.
span-day = 24 ore
span-week = 7 giorni
span-month = 30 giorni
span-quarter = 90 giorni
span-year = 365 giorni
incidents-heading = Incidenti
none-written = Nessun incidente registrato finora.
visit = Visita
follow = Segui questo componente
badge = Badge
history = Cronologia
undated = Senza data
search = Cerca
search-words = Parole chiave
search-component = Componente
search-any = tutti
search-all = Mostra tutto
found = { $n ->
    [0] Nessun risultato.
    [one] Un risultato.
   *[other] { $n } risultati.
}
cut = Sono mostrati i { $n } più recenti. Scegli un mese o cerca per vederne altri.
years = Per anno e mese
incidents = { $n ->
    [one] un incidente
   *[other] { $n } incidenti
}
works-open = In corso e programmate
works-none = Nessuna manutenzione programmata.
works-done = Completate
works-calendar = Aggiungi le manutenzioni programmate al tuo calendario
from-until = { $from } – { $until }
from = Inizio: { $from }
ahead = tra { $span }
subscribe-title = Ricevi gli aggiornamenti
subscribe-text = Scegli come essere informato di incidenti e manutenzioni. Non serve un account.
way-feed = Feed
way-feed-text = Ogni incidente con tutti i suoi aggiornamenti, per lettori di feed e chat.
way-calendar = Calendario
way-calendar-text = Le manutenzioni programmate nel tuo calendario.
way-programs = API
way-programs-text = Le stesse informazioni in JSON, con la documentazione.
way-parts = Singoli componenti
way-parts-text = Un feed separato per ogni componente.
way-embed = Sul tuo sito
way-embed-text = Una riga di codice mostra il nostro stato in cima alle tue pagine.

language-name = Italiano
subscribe-mail = Via e-mail
subscribe-mail-text = Prima ti inviamo un link. Non ricevi altro finché non lo apri e confermi.
subscribe-address = Il tuo indirizzo e-mail
subscribe-options = Scegli cosa ricevere
subscribe-kinds = Cosa inviamo
subscribe-incidents = Incidenti
subscribe-maintenance = Manutenzione programmata
subscribe-report = Rapporto di disponibilità
subscribe-report-none = Nessuno
subscribe-report-weekly = Ogni settimana
subscribe-report-monthly = Ogni mese
subscribe-components = Componenti
subscribe-components-text = Se non ne selezioni nessuno, ti informiamo su tutti.
subscribe-language = Lingua delle e-mail
subscribe-privacy = Usiamo il tuo indirizzo solo per queste e-mail. Ogni e-mail contiene un link per annullare l’iscrizione; a quel punto cancelliamo il tuo indirizzo.
subscribe-asked = Controlla la tua posta.
subscribe-asked-text = Se l’indirizzo può ricevere le nostre e-mail, un link è in arrivo. Vale 48 ore. Se non arriva nulla in pochi minuti, guarda nella cartella dello spam o riprova più tardi.
subscribe-refused = Il modulo non è stato accettato.
subscribe-no-address = Non possiamo usare questo indirizzo e-mail. Controllalo, per favore.
subscribe-nothing = Non hai selezionato nulla, quindi non invieremmo nulla. Seleziona qualcosa o annulla l’iscrizione.
subscribe-confirm = Confermare l’iscrizione?
subscribe-confirm-text = Inviamo e-mail solo dopo la tua conferma. Se non l’hai richiesto, chiudi questa pagina e non verrà inviato nulla.
subscribe-confirm-send = Conferma l’iscrizione
subscribe-done = L’iscrizione è attiva.
subscribe-manage = La tua iscrizione
subscribe-manage-text = Puoi modificarla qui in qualsiasi momento. Ogni e-mail contiene un link a questa pagina.
subscribe-save = Salva
subscribe-saved = Le modifiche sono state salvate.
subscribe-leave = Annullare l’iscrizione a tutte le e-mail?
subscribe-leave-text = Cancelliamo il tuo indirizzo e non ti inviamo più nulla.
subscribe-leave-send = Annulla l’iscrizione
subscribe-left = L’iscrizione è stata annullata.
subscribe-left-text = Il tuo indirizzo è stato cancellato e non riceverai altre e-mail da noi.
subscribe-unknown = Questo link non funziona più.
subscribe-unknown-text = Potrebbe essere incompleto o scaduto. Inserisci di nuovo il tuo indirizzo per riceverne uno nuovo.
report-title = Segnala un problema
report-text = Basta un clic. La tua segnalazione ci aiuta ad accorgerci prima dei problemi.
report-known = Già noto:
report-what = Che cosa non funziona?
report-unknown = Non lo so
report-send = A me non funziona
report-privacy = Contiamo le segnalazioni. Non registriamo chi le invia.
report-taken = Grazie.
report-taken-text = Abbiamo contato la tua segnalazione. La pagina di stato mostra quello che sappiamo.
report-refused = Grazie. Per ora abbiamo abbastanza segnalazioni.
report-refused-text = Abbiamo già segnalazioni recenti dalla tua rete o da molti altri visitatori.
report-lost = La tua segnalazione non è stata contata.
report-foreign = È stata inviata da un altro sito. Inviala da questo.
report-unclear = Non indica nulla di questa pagina. Scegli di nuovo.
report-unnoted = Non siamo riusciti a salvarla. Riprova tra un minuto.
not-found = Pagina non trovata.
not-found-text = L’indirizzo potrebbe essere sbagliato oppure la pagina è stata rimossa.
failed = Impossibile mostrare questa pagina.
failed-text = L’errore è stato registrato. La pagina di stato potrebbe funzionare comunque.

## Numeri, orari ed elenchi

number-group = .
number-point = ,
percent = { $number }%
row = { $first } e { $last }
row-comma = ,{ " " }
unit-s = { $n }{ "\u00A0" }s
unit-min = { $n }{ "\u00A0" }min
unit-h = { $n }{ "\u00A0" }h
unit-d = { $n ->
    [one] { $n } giorno
   *[other] { $n } giorni
}
span = { $first } { $second }
day = { $day } { $month }
day-and-year = { $day } { $month } { $year }
day-and-clock = { $day }, { $clock }
weekday-and-day = { $weekday } { $day }
month-and-year = { $month } { $year }
days = { $from } – { $to }
days-of-month = { $first }–{ $to }
weekday-1 = lunedì
weekday-2 = martedì
weekday-3 = mercoledì
weekday-4 = giovedì
weekday-5 = venerdì
weekday-6 = sabato
weekday-7 = domenica
month-1 = gennaio
month-2 = febbraio
month-3 = marzo
month-4 = aprile
month-5 = maggio
month-6 = giugno
month-7 = luglio
month-8 = agosto
month-9 = settembre
month-10 = ottobre
month-11 = novembre
month-12 = dicembre

## Figures

figures = Metriche delle ultime 24 ore
figure-now = ora { $value }, { $ago }
figure-unseen = nessun dato dalle { $since }
figures-all = Metriche
figure-table = Mostra come tabella
figure-from = Da
figure-lowest = Minimo
figure-mean = Media
figure-highest = Massimo
figure-none = Nessun dato.
figure-spans = Intervalli di tempo
figure-hour = Ultima ora
figure-day = Ultime 24 ore
figure-week = Ultimi 7 giorni
figure-30-days = Ultimi 30 giorni
figure-90-days = Ultimi 90 giorni
evidence = Misurazioni
recorded-data = Dati registrati

## What the page says of itself

honest-days = Negli ultimi { $days } giorni
honest-since = Dal { $day }
honest-noticed = { $span } questa pagina { $n ->
    [0] non ha rilevato incidenti
    [one] ha rilevato un incidente
   *[other] ha rilevato { $n } incidenti
}{ $delays }
honest-one = , entro { $all } dal primo segnale
honest-all = , tutti entro { $all } dal primo segnale
honest-half = , la metà entro { $half } dal primo segnale e tutti entro { $all }
honest-false = { $n ->
    [one] un incidente è stato dichiarato risolto troppo presto
   *[other] { $n } incidenti sono stati dichiarati risolti troppo presto
}
honest-withdrawn = { $n ->
    [one] un incidente è stato ritirato
   *[other] { $n } incidenti sono stati ritirati
}
honest-blind = non ha ricevuto dati per { $span }
honest-join = ;{ " " }
honest-end = .

## Che cosa scriviamo negli incidenti. Il testo di un evento o di una segnalazione sta alla fine.

wrote-unseen = Dopo la modifica delle { $at } non ci sono stati errori, ma non possiamo ancora considerare l’incidente risolto.
wrote-ongoing = L’incidente è ancora in corso.
wrote-waiting = Non possiamo ancora considerare l’incidente risolto.
wrote-cured = Dopo la modifica delle { $at } { $n ->
    [one] funziona
   *[other] funzionano
} di nuovo: { $names }.
wrote-again = Il problema si ripresenta.
wrote-eased = Gravità ridotta, prima era “{ $severity }”: i controlli falliti sono regolari da { $span }.
wrote-over = Funziona dalle { $since }. L’incidente è durato { $span }.
wrote-planned = Finestra di manutenzione: { $from } – { $until }.
wrote-begun = La manutenzione è iniziata.
wrote-begun-until = La manutenzione è iniziata. Fine prevista: { $until }.
wrote-extended = Il programma è cambiato. La nuova fine prevista della manutenzione è: { $until }.
wrote-done = La manutenzione è completata.
wrote-cancelled = Questa manutenzione è stata annullata.
wrote-stopped = Questa manutenzione è stata interrotta in anticipo.
wrote-event = Alle { $at }: { $text }
wrote-first-report = prima segnalazione di un utente: { $text }
wrote-report = segnalazione di un utente: { $text }
wrote-reopened = Il problema si è ripresentato.
wrote-withdrawn = Era un falso allarme: funzionava tutto. Lo abbiamo ritirato.
wrote-published = Abbiamo pubblicato che cosa è successo e che cosa ne abbiamo imparato.
our-systems = i nostri sistemi
less-than = meno di { $span }

## Che cosa è stato rilevato o segnalato

seen-restarted = { $n ->
    [one] Riavviato
   *[other] Riavviati
}: { $names }.
seen-restarted-again = { $n ->
    [one] Riavviato
   *[other] Riavviati
} { $more ->
    [one] ancora una volta
   *[other] altre { $more } volte
}: { $names }.
seen-flushed = Dati cancellati da un comando: { $names }.
seen-flushed-again = Dati cancellati da un comando { $more ->
    [one] ancora una volta
   *[other] altre { $more } volte
}: { $names }.
seen-collapsed = La maggior parte dei dati è scomparsa: { $names }.
seen-limit = Il limite di memoria è passato da { $before } a { $after }: { $names }.
seen-limit-removed = Il limite di memoria è stato rimosso, prima era { $before }: { $names }.
seen-limit-set = È stato impostato un limite di memoria di { $after }, prima non c’era: { $names }.
seen-a-store = un archivio dati
seen-store = un archivio dati
seen-process = un processo del servizio
row-others = { $names } e altri { $n }
provider-reports = { $name } segnala: { $text }
reports-fails = { $name } non funziona
reports-something = qualcosa non funziona

## Analisi post-incidente

mortem-background = Contesto
mortem-problem = Problema
mortem-solution = Soluzione
mortem-timeline = Cronologia degli eventi
mortem-continued = Cronologia degli eventi (continua)
mortem-future = Misure future
mortem-unwritten = Il nostro team non ha ancora scritto questa sezione.
record-update = { $word }: { $text }
record-first = Prima misurazione con errore
record-end = Prima misurazione regolare dopo l’incidente
record-first-report = Prima segnalazione di un utente: { $text }
record-report = Segnalazione di un utente: { $text }
record-release = Rilascio: { $text }
record-restart = Riavvio: { $text }
record-flush = Cancellazione: { $text }
record-limit = Limite modificato: { $text }
record-provider = Segnalazione di un fornitore: { $text }
record-what = Che cosa è successo
record-more = altri { $n }
record-noticed = L’incidente è stato registrato { $span } dopo la prima misurazione con errore.
record-resolved = È stato dichiarato risolto { $span } dopo la prima misurazione regolare.
worst-metric = Metrica
worst-value = Valore peggiore
worst-when = Quando
worst-threshold = Soglia
worst-above = sopra { $value }
worst-below = sotto { $value }
worst-off = diverso da { $value }
picture-title = { $title }, secondo le misurazioni
picture-threshold = soglia

chart-range = { $from } – { $until }
chart-values = I valori vanno da { $low } a { $high }; il più alto alle { $at }.
chart-empty = Nessun dato.
chart-shades = { $n } incidenti sono ombreggiati.
chart-shaded = Ombreggiato: { $label }, { $from } – { $until }.
chart-shaded-since = Ombreggiato: { $label }, dalle { $from }.
chart-gaps = Ci sono intervalli senza dati.
chart-limit = limite
chart-warning = avviso

## Messages of notifiers

notify-headline = { $word }: { $title }
notify-down = Non disponibile
notify-disrupted = Problemi
notify-notice = Avviso
notify-down-again = Di nuovo non disponibile
notify-disrupted-again = Di nuovo problemi
notify-notice-again = Nuovo avviso
notify-down-still = Ancora non disponibile
notify-disrupted-still = Ancora problemi
notify-notice-still = Ancora aperto
notify-missed = Finito prima che potessimo avvisare
notify-withdrawn = Ritirato
notify-announced = Manutenzione programmata
notify-upcoming = La manutenzione inizia a breve
notify-rescheduled = Manutenzione rinviata
notify-begun = La manutenzione è iniziata
notify-extended = La manutenzione si prolunga
notify-completed = Manutenzione completata
notify-cancelled = Manutenzione annullata
notify-operators = Per i gestori
notify-settled = Sistemato
notify-affected = Componenti interessati
notify-started = Inizio
notify-ended = Fine
notify-from = Dalle
notify-until = Alle
notify-earlier = In precedenza
notify-test = Prova
notify-test-title = ignorare questo messaggio
notify-test-text = Una prova del destinatario { $name }. Non è successo nulla.

## E-mail

mail-earlier = Aggiornamenti precedenti
mail-details = Vedi i dettagli
mail-digest-subject = { $site }: { $n } aggiornamenti
mail-digest-text = Sono successe più cose insieme, quindi le abbiamo raccolte in un solo messaggio.
mail-confirm-subject = Conferma l’iscrizione a { $site }
mail-confirm-text = Conferma di voler ricevere a questo indirizzo gli aggiornamenti su incidenti e manutenzioni di { $site }.
mail-confirm-button = Conferma l’iscrizione
mail-confirm-ignore = Se non hai richiesto l’iscrizione, ignora questo messaggio. Non ne riceverai altri.
mail-link-until = Il link è valido fino al { $until }.
mail-manage-subject = La tua iscrizione a { $site }
mail-manage-text = Scegli che cosa vuoi sapere di { $site } oppure annulla l’iscrizione.
mail-manage-button = Gestisci l’iscrizione
mail-report-subject = { $site }: disponibilità dal { $from } al { $until }
mail-report-none = Non ci sono stati incidenti.
mail-why-subscriber = Ricevi questo messaggio perché sei iscritto agli aggiornamenti di { $site }.
mail-why-fixed = Ricevi questo messaggio perché questo indirizzo è configurato come destinatario per { $site }.
mail-unsubscribe = Annulla l’iscrizione
