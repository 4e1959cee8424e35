// Keeps an open page of the console fresh, without losing what is typed, marked or read.
{
const D = document, R = D.documentElement;
const all = (what, where = D) => [...where.querySelectorAll(what)];
const one = (what, where = D) => where.querySelector(what);
const WAIT = 3000, PATIENCE = 15000;

// Moments in the reader's own zone, spans that grow.
let skew = 0;
const pad = n => String(n).padStart(2, "0");
const clock = at => pad(at.getHours()) + ":" + pad(at.getMinutes());
const when = at => {
  const now = new Date();
  if (at.toDateString() === now.toDateString()) return clock(at);
  const how = { day: "numeric", month: "long" };
  if (at.getFullYear() !== now.getFullYear()) how.year = "numeric";
  return new Intl.DateTimeFormat("en-GB", how).format(at) + ", " + clock(at);
};
const span = ms => {
  const s = Math.max(0, Math.floor(ms / 1000));
  const [d, h, m] = [Math.floor(s / 86400), Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60];
  if (d) return `${d} d ${h} h`;
  if (h) return `${h} h ${m} min`;
  if (m) return m < 5 && s % 60 ? `${m} min ${s % 60} s` : `${m} min`;
  return `${s} s`;
};
const tick = (where = D) => all("[data-since]", where).forEach(el => {
  const text = span(Math.abs(Date.now() - skew - Date.parse(el.dataset.since)));
  if (el.textContent !== text) el.textContent = text;
});
const dress = where => {
  all("time[data-at]", where).forEach(el => {
    const at = new Date(el.dateTime);
    el.textContent = when(at);
    el.title = at.toLocaleString("en-GB", { timeZoneName: "short" });
  });
  all("text[data-time]", where).forEach(el => {
    const at = new Date(el.dataset.time), text = clock(at);
    const day = el.dataset.at === "date" || text === "00:00";
    el.textContent = day ? new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" }).format(at) : text;
  });
  tick(where);
  D.dispatchEvent(new CustomEvent("console-part", { detail: where }));
};

// What the server sent of each part, as the reader's own changes to it are none of ours.
const raw = new Map();
const parts = where => new Map(all("[data-part]", where).map(el => [el.dataset.part, el]));
const note = where => parts(where).forEach((el, name) => raw.set(name, el.outerHTML));

const isTyped = el => all("input,textarea,select", el).some(field =>
  field.matches("[type=hidden]") ? false
    : field.matches("[type=checkbox],[type=radio]") ? field.checked !== field.defaultChecked
    : field.matches("select") ? field.selectedIndex !== Math.max(0, [...field.options].findIndex(o => o.defaultSelected))
    : field.value !== field.defaultValue);
const isBusy = el => {
  const active = D.activeElement, marked = getSelection();
  return el.contains(active) && active.matches("input,textarea,select")
    || !marked.isCollapsed && el.contains(marked.anchorNode)
    || !!one("[aria-invalid=true],.wrong", el)
    || el.closest(":popover-open") !== null
    || isTyped(el);
};
const keyOf = el => el.id || el.getAttribute("href") || el.textContent;
const swap = (old, el) => {
  const focused = old.contains(D.activeElement) ? D.activeElement : null;
  const open = all("details", old).map(d => d.open);
  const scrolled = all(".scroll", old).map(box => box.scrollLeft);
  old.replaceWith(el);
  all("details", el).forEach((d, i) => { if (i in open) d.open = open[i]; });
  all(".scroll", el).forEach((box, i) => { if (i in scrolled) box.scrollLeft = scrolled[i]; });
  dress(el);
  if (focused) all(focused.tagName, el).find(x => keyOf(x) === keyOf(focused))?.focus({ preventScroll: true });
};
const take = html => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const old = parts(D), now = parts(page), main = one("main", page);
  if (!main || !R.lang) return;
  const said = one("[data-part=state] .said")?.textContent;
  if (`${[...old.keys()]}` !== `${[...now.keys()]}`) {
    if (isBusy(one("main"))) return;
    note(page);
    swap(one("main"), main);
  } else {
    now.forEach((el, name) => {
      const html = el.outerHTML;
      if (raw.get(name) === html || isBusy(old.get(name))) return;
      raw.set(name, html);
      swap(old.get(name), el);
    });
  }
  D.title = page.title;
  const icon = one("link[rel=icon]"), next = one("link[rel=icon]", page);
  if (icon.href !== next.href) icon.href = next.href;
  const saying = one("[data-part=state] .said")?.textContent;
  if (said !== saying) one("[data-live]").textContent = saying;
};

// A page that a form answered has no address of its own to be asked for again.
let seen = Date.now(), tag, busy = false;
const stale = () => {
  const el = one(".stale"), old = Date.now() - seen > PATIENCE;
  if (el.hidden !== old) return;
  el.textContent = `No answer since ${clock(new Date(seen))}. What you see may be out of date.`;
  el.hidden = !old;
};
const look = async () => {
  if (busy || D.hidden) return;
  busy = true;
  try {
    const answer = await fetch(location.href, {
      cache: "no-store",
      headers: { Accept: "text/html", ...tag && { "If-None-Match": tag } },
      signal: AbortSignal.timeout(10000),
    });
    if (answer.redirected && new URL(answer.url).pathname === "/login") location.assign(answer.url);
    const by = Date.now() - Date.parse(answer.headers.get("date"));
    skew = Math.abs(by) > 5000 ? by : 0;
    if (answer.status === 304) seen = Date.now();
    else if (answer.ok) {
      tag = answer.headers.get("etag");
      take(await answer.text());
      seen = Date.now();
    }
  } catch { /* It is asked again. */ }
  busy = false;
  stale();
};

// What was done is said once.
const address = new URL(location.href);
if (address.searchParams.has("done")) {
  address.searchParams.delete("done");
  history.replaceState(null, "", address);
}

const theme = value => {
  try { return value ? localStorage.theme = value : localStorage.theme; } catch { return undefined; }
};
const isDark = () => (R.dataset.theme || (matchMedia("(prefers-color-scheme:dark)").matches ? "dark" : "")) === "dark";
if (theme()) R.dataset.theme = theme();
all(".theme").forEach(button => {
  const say = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  button.onclick = () => { theme(R.dataset.theme = isDark() ? "light" : "dark"); say(); };
  button.hidden = false;
  say();
});

// On a wide window the menu of a phone is a part of the page.
matchMedia("(min-width:60rem)").onchange = wide => {
  if (wide.matches) one("#menu:popover-open")?.hidePopover();
};

note(D);
all("[data-zone]").forEach(el => {
  const named = new Intl.DateTimeFormat("en-GB", { timeZoneName: "short" }).formatToParts();
  el.textContent = named.find(part => part.type === "timeZoneName").value;
});
dress(D.body);
setInterval(tick, 1000);
if (one("main") && !one("[data-still]")) {
  setInterval(look, WAIT);
  D.addEventListener("visibilitychange", look);
}
}
