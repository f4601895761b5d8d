"use strict";
(() => {
  const page = document.getElementById("page");
  const leads = location.pathname === "/teacher";
  document.body.classList.toggle("teacher", leads);
  const key = location.hash.slice(1);
  let device = "", told = null, drawn = "", filter = "";
  try { device = localStorage.getItem("chokepoint-class") || ""; } catch { /* a browser that keeps nothing joins anew */ }

  function make(tag, attributes, ...children) {
    const found = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) found.addEventListener(name.slice(2), value);
      else if (value === true) found.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) found.setAttribute(name, value);
    }
    found.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
    return found;
  }
  async function post(where, body) {
    const answer = await fetch(where, { method: "POST", body: JSON.stringify(body) });
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.sentence || "That did not work.");
    return found;
  }
  let asking = false;
  async function ask(deed) {
    // One question at a time: a device that asked twice before its token came would join twice.
    if (asking && !deed) return;
    asking = true;
    try {
      if (leads) told = await post("/lead", { key, do: deed || "" });
      else {
        told = await post("/state", { device });
        if (told.device !== device) {
          device = told.device;
          try { localStorage.setItem("chokepoint-class", device); } catch { /* as above */ }
        }
      }
      show();
    } catch (error) { trouble(error); } finally { asking = false; }
  }
  async function vote(move) {
    try {
      told = { ...told, ...(await post("/vote", { device, at: told.at, move })) };
      show();
    } catch (error) { trouble(error); }
  }
  function trouble(error) {
    if (!told) page.replaceChildren(make("p", {}, error.message === "Failed to fetch" ? "The class cannot be reached. Trying again …" : error.message));
  }
  function show() {
    const now = JSON.stringify(told) + filter;
    if (now === drawn) return;
    drawn = now;
    const focused = document.activeElement && document.activeElement.id;
    page.replaceChildren(...(leads ? room() : phone()));
    const again = focused && document.getElementById(focused);
    if (again) { again.focus(); if (again.id === "find") again.setSelectionRange(filter.length, filter.length); }
  }
  const head = () => [make("h1", {}, `${told.title} · ${told.at + 1} of ${told.count}`), make("h2", {}, told.chapter)];
  const asked = () => [
    told.recap ? make("p", { class: "soft" }, told.recap) : "",
    told.since.length ? make("details", { open: leads }, make("summary", { class: "soft" }, told.at ? "Since the last question" : "So far"), make("ul", {}, told.since.map((text) => make("li", { class: "soft" }, text)))) : "",
    make("p", {}, make("b", {}, told.prompt)), told.by ? make("p", { class: "soft" }, told.by) : ""];
  function phone() {
    if (told.phase !== "voting") return [...head(), ...after()];
    const wanted = filter.toLowerCase();
    const families = new Map();
    for (const [text, title, family] of told.moves) {
      if (wanted && !`${title} ${family}`.toLowerCase().includes(wanted)) continue;
      if (!families.has(family)) families.set(family, []);
      families.get(family).push([text, title]);
    }
    return [...head(), told.at === 0 ? make("ul", {}, told.goal.map((text) => make("li", { class: "soft" }, text))) : "", ...asked(),
      make("p", { id: "mine" }, told.mine ? `Your vote: ${told.moves.find(([text]) => text === told.mine)[1]}. You may change it until the reveal.` : "Tap a move to vote."),
      make("input", { id: "find", type: "search", placeholder: "Find a move", "aria-label": "Find a move", value: filter, oninput: (event) => { filter = event.target.value; show(); } }),
      make("div", { class: "moves" }, [...families].map(([family, moves]) => [make("small", { class: "soft" }, family || "Other"),
        moves.map(([text, title]) => make("button", { type: "button", id: `move-${text}`, "data-move": text, "aria-pressed": String(text === told.mine), onclick: () => vote(text) }, title))]))];
  }
  function after() {
    const all = told.tally.reduce((sum, one) => sum + one.votes, 0) || 1;
    return [make("p", {}, told.prompt),
      make("ul", { class: "tally" }, told.tally.map((one) => make("li", {},
        make("b", { class: one.good ? "good" : one.good === false ? "bad" : "" }, `${one.good ? "✓" : one.good === false ? "✗" : "–"} ${one.title}: ${one.votes}`),
        make("meter", { min: 0, max: all, value: one.votes }), one.texts.map((text) => make("p", { class: "soft" }, text))))),
      make("p", {}, make("b", {}, "What was played: "), told.played),
      told.strong ? make("p", {}, make("b", {}, `A strong player (${told.strong_player}): `), told.strong) : "",
      told.luck ? make("p", { class: "soft" }, told.luck) : "",
      told.learned ? [make("h2", {}, "What was learned"), make("p", {}, told.learned), make("p", { class: "soft" }, `${told.claim} ${told.met}`), make("p", { class: "soft" }, told.limits)] : ""];
  }
  function room() {
    const voting = told.phase === "voting", last = told.at + 1 === told.count;
    const code = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    code.setAttribute("viewBox", `0 0 ${told.qr.length} ${told.qr.length}`);
    code.setAttribute("role", "img");
    code.setAttribute("aria-label", `QR code of ${told.url}`);
    told.qr.forEach((row, y) => [...row].forEach((dark, x) => {
      if (dark !== "1") return;
      const dot = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [name, value] of Object.entries({ x, y, width: 1, height: 1 })) dot.setAttribute(name, value);
      code.append(dot);
    }));
    const press = voting ? make("button", { id: "reveal", type: "button", class: "go", onclick: () => ask("reveal") }, "Reveal")
      : told.phase === "ended" ? make("p", {}, "That was the lesson.")
      : make("button", { id: "next", type: "button", class: "go", onclick: () => ask("next") }, last ? "End" : "Next question");
    return [make("div", { class: "join" }, code, make("div", {}, make("p", {}, "Join: ", make("b", {}, told.url)), make("p", { id: "count" }, `${told.joined} joined, ${told.voted} voted`))),
      ...head(), ...(voting ? asked() : after()), make("div", { class: "row" }, press)];
  }
  ask();
  setInterval(() => ask(), 1000);
})();
