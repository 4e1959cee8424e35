// An exported site has nobody who searches: there the list of all incidents is read here.
const home = document.currentScript.src;
addEventListener("DOMContentLoaded", async () => {
  const form = document.querySelector("form.search"), list = document.getElementById("list");
  const ask = new URLSearchParams(location.search), part = ask.get("component") || "";
  const words = (ask.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
  if (!form || !list || "found" in form.dataset || !words.length && !part) return;
  form.q.value = ask.get("q") || "";
  if (form.component) form.component.value = part;
  const answer = await fetch(new URL("issues/index.json", home));
  if (!answer.ok) return;
  const finds = one => words.every(word => one.title.toLowerCase().includes(word)) &&
    (!part || (one.affected || []).includes(part));
  const found = ((await answer.json()).pages || []).filter(finds).slice(0, 200);
  list.className = "found";
  list.replaceChildren(...found.map(one => {
    const link = document.createElement("a");
    link.href = new URL(one.permalink, location).pathname;
    link.dir = "auto";
    link.textContent = one.title;
    return link;
  }));
});
