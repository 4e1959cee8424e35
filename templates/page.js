// Keeps the page true: the visitor's own time, days in words, and what changed.
(() => {
const doc = document, root = doc.documentElement, lang = root.lang;
const all = (what, where) => [...(where || doc).querySelectorAll(what)];
const keep = (key, value) => {
  try { return value === undefined ? localStorage.getItem(key) : localStorage.setItem(key, value); } catch { return null; }
};
const chosen = keep("theme");
if (chosen) root.dataset.theme = chosen;

const units = (root.dataset.units || "").split("|");
const fill = (text, ...words) => (text || "").replace(/\{\}/g, () => words.shift());
const span = ms => {
  const all = Math.max(0, Math.floor(ms / 1000)), s = all % 60, m = Math.floor(all / 60) % 60;
  const h = Math.floor(all / 3600) % 24, d = Math.floor(all / 86400);
  const unit = (at, n) => fill(units[at], n);
  const two = (one, more) => more ? fill(units[5], one, more) : one;
  if (d) return two(unit(d > 1 ? 4 : 3, d), h && unit(2, h));
  if (h) return two(unit(2, h), m && unit(1, m));
  return m ? two(unit(1, m), m < 5 && s && unit(0, s)) : unit(0, s);
};
const print = (at, how) => new Intl.DateTimeFormat(lang, how).format(at);
const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const local = el => {
  const at = new Date(el.dateTime), now = new Date();
  if (isNaN(at)) return;
  const kind = el.dataset.at;
  const how = kind === "seconds" ? { ...clock, second: "2-digit" } : { ...clock };
  if (kind === "when" && at.toDateString() !== now.toDateString()) {
    how.day = "numeric";
    how.month = "long";
    if (at.getFullYear() !== now.getFullYear()) how.year = "numeric";
  }
  el.textContent = print(at, how);
};
const zone = el => {
  const named = new Intl.DateTimeFormat(lang, { timeZoneName: "short" }).formatToParts(new Date());
  const name = named.find(part => part.type === "timeZoneName");
  if (name) el.textContent = fill(el.dataset.zone, name.value);
};
const tick = () => all("[data-since]").forEach(el => {
  const text = fill(el.dataset.say, span(Date.now() - skew - new Date(el.dataset.since)));
  if (el.textContent !== text) el.textContent = text;
});

// Days in words: by pointer, touch and arrow keys.
const tip = doc.createElement("div");
tip.className = "tip";
tip.hidden = true;
const days = svg => {
  let runs;
  try { runs = JSON.parse(svg.dataset.days); } catch { return; }
  const last = runs.length && runs[runs.length - 1][1];
  if (!last) return;
  const first = new Date(svg.dataset.first + "T00:00Z"), step = 4;
  const mark = doc.createElementNS("http://www.w3.org/2000/svg", "path");
  mark.setAttribute("class", "d-at");
  let at = last;
  const show = (day, held) => {
    at = Math.min(last, Math.max(0, day));
    const run = runs.find(run => run[0] <= at && at <= run[1]);
    const date = print(new Date(+first + at * 864e5), { timeZone: "UTC", weekday: "long", day: "numeric", month: "long" });
    tip.textContent = date + ": " + run[2];
    for (const [title, href] of run[3] || []) {
      const link = doc.createElement("a");
      link.href = href;
      link.dir = "auto";
      link.textContent = title;
      tip.append(link);
    }
    svg.setAttribute("aria-valuenow", at + 1);
    svg.setAttribute("aria-valuetext", date + ": " + run[2] + (run[3] || []).map(link => ", " + link[0]).join(""));
    mark.setAttribute("d", `M${at * step - .5} -1.5h4v33h-4z`);
    svg.append(mark);
    svg.after(tip);
    tip.hidden = false;
    tip.held = held;
    const box = svg.getBoundingClientRect(), home = tip.offsetParent.getBoundingClientRect();
    const x = box.left + (at + .5) / (last + 1) * box.width - home.left - tip.offsetWidth / 2;
    tip.style.left = Math.max(8, Math.min(x, home.width - tip.offsetWidth - 8)) + "px";
    tip.style.top = box.bottom - home.top + 6 + "px";
  };
  const hide = () => { tip.hidden = true; mark.remove(); };
  const from = event => {
    const box = svg.getBoundingClientRect();
    return Math.floor((event.clientX - box.left) / box.width * (last + 1));
  };
  const set = { role: "slider", tabindex: 0, "aria-valuemin": 1, "aria-valuemax": last + 1, "aria-valuenow": last + 1 };
  for (const name in set) svg.setAttribute(name, set[name]);
  svg.setAttribute("aria-valuetext", svg.getAttribute("aria-label"));
  svg.setAttribute("aria-description", svg.dataset.hint);
  svg.onpointermove = event => event.pointerType === "mouse" && show(from(event));
  svg.onclick = event => show(from(event), true);
  svg.onfocus = () => svg.matches(":focus-visible") && show(at, true);
  svg.parentNode.onmouseleave = () => tip.held || hide();
  svg.onblur = event => event.relatedTarget && tip.contains(event.relatedTarget) || hide();
  svg.onkeydown = event => {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: -7, PageDown: 7, Home: -last, End: last }[event.key];
    if (event.key === "Escape") return hide();
    if (!by) return;
    event.preventDefault();
    show(at + by, true);
  };
};
// Values of charts: `data-points` holds [x from 0 to 1, words].
const chart = svg => {
  let points;
  try { points = JSON.parse(svg.dataset.points); } catch { return; }
  svg.onpointermove = event => {
    const box = svg.getBoundingClientRect(), x = (event.clientX - box.left) / box.width;
    const near = points.reduce((a, b) => Math.abs(b[0] - x) < Math.abs(a[0] - x) ? b : a, points[0]);
    if (!near) return;
    tip.textContent = near[1];
    svg.after(tip);
    tip.hidden = false;
    const home = tip.offsetParent.getBoundingClientRect();
    tip.style.left = Math.max(8, Math.min(event.clientX - home.left + 12, home.width - tip.offsetWidth - 8)) + "px";
    tip.style.top = event.clientY - home.top + 16 + "px";
  };
  svg.onpointerleave = () => { tip.hidden = true; };
};
const dress = where => {
  all("time[data-at]", where).forEach(local);
  all("[data-zone]", where).forEach(zone);
  all("svg[data-days]", where).forEach(days);
  all("svg[data-points]", where).forEach(chart);
};

// What changed, without losing focus or what was opened.
let skew = 0, raw = new Map(), seen = Date.now(), busy = false, tag = "";
const parts = where => new Map(all("[data-part]", where).map(el => [el.dataset.part, el]));
const still = html => html.replace(/(<[^>]*data-since=[^>]*>)[^<]*/g, "$1").replace(/data-since="[^"]*"/g, "");
const note = where => parts(where).forEach((el, key) => raw.set(key, still(el.outerHTML)));
const swap = (old, fresh) => {
  const at = old.contains(doc.activeElement) && doc.activeElement;
  const same = at && (el => el.tagName === at.tagName && (at.id ? el.id === at.id : el.getAttribute("href") === at.getAttribute("href")));
  const open = all("details[open]", old).map(el => el.id);
  const changed = old.dataset.state !== fresh.dataset.state;
  old.replaceWith(fresh);
  all("details[id]", fresh).forEach(el => { el.open = el.open || open.includes(el.id); });
  dress(fresh);
  if (same) { const el = all(at.tagName, fresh).find(same); if (el) el.focus({ preventScroll: true }); }
  if (changed) fresh.classList.add("changed");
};
const take = html => {
  const page = new DOMParser().parseFromString(html, "text/html"), old = parts(doc), fresh = parts(page);
  if ([...old.keys()].join() !== [...fresh.keys()].join()) {
    const main = page.querySelector("main");
    if (!main) return;
    swap(doc.querySelector("main"), main);
    note(page);
  } else fresh.forEach((el, key) => {
    const text = still(el.outerHTML), was = old.get(key);
    // What only grew older is told by the clock; its moments are taken over.
    if (raw.get(key) === text) {
      const times = all("[data-since]", was);
      all("[data-since]", el).forEach((one, at) => { if (times[at]) times[at].dataset.since = one.dataset.since; });
    } else { raw.set(key, text); swap(was, el); }
  });
  const live = doc.querySelector("[data-live]"), head = page.querySelector("h1");
  if (doc.title !== page.title) {
    doc.title = page.title;
    if (live && head) live.textContent = live.dataset.live + " " + head.textContent;
  }
  const icon = page.querySelector("link[rel=icon]"), mine = doc.querySelector("link[rel=icon]");
  if (icon && mine && icon.href !== mine.href) mine.href = icon.href;
  tick();
};
const stale = () => {
  const el = doc.querySelector(".stale"), old = Date.now() - seen > 9e4;
  if (!el || el.hidden !== old) return;
  el.textContent = old ? fill(el.dataset.say, print(seen, clock)) : "";
  el.hidden = !old;
};
const fetchPage = async () => {
  if (busy || doc.hidden) return;
  busy = true;
  try {
    const answer = await fetch(location.href, { cache: "no-cache", signal: AbortSignal.timeout(15e3) });
    const date = Date.parse(answer.headers.get("date"));
    if (Math.abs(Date.now() - date) > 5e3) skew = Date.now() - date;
    if (answer.ok) {
      const mark = answer.headers.get("etag");
      if (!mark || mark !== tag) take(await answer.text());
      tag = mark;
      seen = Date.now();
    }
  } catch { /* Told by `stale` when it lasts. */ }
  busy = false;
  stale();
};
const listen = () => {
  if (!window.EventSource) return;
  const live = new EventSource("/live");
  live.addEventListener("board", fetchPage);
  live.addEventListener("beat", event => {
    seen = Date.now();
    if (event.data) all("[data-measured]").forEach(el => { el.dataset.since = event.data; });
  });
  live.onerror = () => live.readyState === 2 && setTimeout(listen, 6e4);
};
// An exported site has nobody who searches: the list of all incidents is read here.
const search = async form => {
  const ask = new URLSearchParams(location.search), list = doc.getElementById("list");
  const words = (ask.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean), part = ask.get("component") || "";
  if (!list || "found" in form.dataset || !words.length && !part) return;
  form.q.value = ask.get("q") || "";
  if (form.component) form.component.value = part;
  const every = (await (await fetch("/issues/index.json")).json()).pages || [];
  const found = every.filter(one => words.every(word => one.title.toLowerCase().includes(word)) && (!part || (one.affected || []).includes(part)));
  const lines = doc.createElement("ul");
  lines.className = "lines";
  for (const one of found.slice(0, 200)) {
    const line = doc.createElement("li"), link = doc.createElement("a");
    link.href = new URL(one.permalink, location.href).pathname;
    link.dir = "auto";
    link.textContent = one.title;
    line.append(link);
    lines.append(line);
  }
  list.replaceChildren(lines);
};
const theme = button => {
  const says = button.dataset.say.split("|");
  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme:dark)").matches ? "dark" : "light")) === "dark";
  const say = () => { button.textContent = says[dark() ? 0 : 1]; };
  button.onclick = () => { keep("theme", root.dataset.theme = dark() ? "light" : "dark"); say(); };
  button.hidden = false;
  say();
};
addEventListener("DOMContentLoaded", () => {
  note(doc);
  dress(doc);
  tick();
  all(".theme").forEach(theme);
  all("form.search").forEach(form => search(form).catch(() => {}));
  setInterval(tick, 1e3);
  if (!doc.querySelector("[data-part]")) return;
  listen();
  setInterval(() => { if (Date.now() - seen > 28e3) fetchPage(); stale(); }, 5e3);
  doc.addEventListener("visibilitychange", () => doc.hidden || fetchPage());
});
})();
