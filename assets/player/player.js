"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const page = document.getElementById("page");
  const lesson = data.lesson;
  const state = { at: 0, track: -1, question: 0, mode: lesson ? "goal" : "free", picked: "", filter: "", name: "" };
  const taken = lesson ? lesson.questions.map(() => ({ tries: [], hinted: false, seconds: 0, why: "", right: false, told: false })) : [];
  let shown = performance.now();

  // ------------------------------------------------------------------------------ making elements
  function make(tag, attributes, ...children) {
    const found = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key.startsWith("on")) found.addEventListener(key.slice(2), value);
      else if (value === true) found.setAttribute(key, "");
      else if (value !== false && value !== null && value !== undefined) found.setAttribute(key, value);
    }
    found.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
    return found;
  }
  function draw(tag, attributes, text) {
    const found = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) found.setAttribute(key, value);
    if (text !== undefined) found.textContent = text;
    return found;
  }
  const number = (value) => String(value).replace("-", "−");
  const button = (id, label, press, more) => make("button", { id, type: "button", onclick: press, ...more }, label);

  // ---------------------------------------------------------------------------- values over steps
  function valuesAt(step) {
    const values = data.start.slice();
    for (let n = 1; n <= step; n++) for (const [cell, value] of data.steps[n].v || []) values[cell] = value;
    return values;
  }
  const furthest = () => (lesson && state.mode !== "done" && state.mode !== "free" ? lesson.questions[state.question].step : data.steps.length - 1);
  const roundStarts = () => data.steps.map((step, n) => n).filter((n) => n === 0 || data.steps[n].r !== data.steps[n - 1].r);

  function go(step) {
    state.at = Math.max(0, Math.min(furthest(), step));
    show();
  }
  function round(way) {
    const starts = roundStarts();
    const found = way > 0 ? starts.find((n) => n > state.at) : starts.filter((n) => n < state.at).pop();
    go(found === undefined ? (way > 0 ? furthest() : 0) : found);
  }

  // ------------------------------------------------------------------------------------- the parts
  function header() {
    const step = data.steps[state.at];
    return make("header", {}, make("h1", {}, data.title),
      make("p", { class: "sub" }, `Seen by: ${data.eyes} · round ${step.r} of ${data.rounds} · ${step.d}`));
  }
  function bar() {
    const last = furthest();
    return make("nav", { class: "bar", "aria-label": "Steps" },
      button("first", "|◀", () => go(0), { "aria-label": "To the start", title: "Home" }),
      button("back-round", "◀◀", () => round(-1), { "aria-label": "A round back", title: "Ctrl ←" }),
      button("back", "◀", () => go(state.at - 1), { "aria-label": "A step back", title: "←" }),
      button("on", "▶", () => go(state.at + 1), { "aria-label": "A step on", title: "→", disabled: state.at >= last }),
      button("on-round", "▶▶", () => round(1), { "aria-label": "A round on", title: "Ctrl →", disabled: state.at >= last }),
      make("input", { id: "slider", type: "range", min: 0, max: last, value: state.at, "aria-label": "Step", oninput: (event) => go(Number(event.target.value)) }),
      make("small", {}, `${state.at} / ${last}`));
  }
  function who(step) {
    if (step.s === undefined) return "";
    const seat = data.seats[step.s];
    const name = make("b", {}, `${seat.glyph} ${seat.title}: `);
    return name;
  }
  function happened() {
    const step = data.steps[state.at];
    const lines = step.l.map(([title, text, shifts]) => make("li", {}, make("b", {}, title), text ? ` ${text}` : "",
      make("ul", {}, shifts.map(([cell, before, after, why]) => make("li", {},
        make("span", { class: after > before ? "up" : "down" }, `${cell}: ${number(before)} → ${number(after)}`),
        why ? make("div", { class: "why" }, why) : "")))));
    const end = step.end ? make("div", {}, make("h2", {}, "The end"), make("p", {}, step.end.how),
      make("ul", {}, step.end.scores.map((score, n) => make("li", {}, `${data.seats[n].glyph} ${data.seats[n].title}: ${number(score)}${step.end.winners.includes(n) ? " ★" : ""}`)))) : "";
    return make("section", { "aria-live": "polite", id: "happened" }, make("h2", {}, who(step), step.t),
      step.c ? make("p", { id: "comment" }, `✎ ${step.c}`) : "", lines.length ? make("ul", {}, lines) : "", end);
  }
  function tracks() {
    const now = valuesAt(state.at), before = valuesAt(Math.max(0, state.at - 1));
    const chosen = data.tracks[Math.max(0, state.track)];
    const pick = make("select", { id: "track", "aria-label": "What is shown", onchange: (event) => { state.track = Number(event.target.value); show(); } },
      make("option", { value: -1, selected: state.track < 0 }, "Points"),
      data.tracks.map((track, n) => make("option", { value: n, selected: n === state.track }, track.title)));
    const rows = state.track < 0 ? "" : make("table", {}, chosen.cells.map(([title, cell]) => {
      const change = now[cell] - before[cell];
      return make("tr", { class: change ? "moved" : null }, make("th", { scope: "row" }, title), make("td", { class: "n" }, number(now[cell])),
        make("td", { class: "n" }, change ? `${change > 0 ? "▲" : "▼"} ${number(Math.abs(change))}` : ""));
    }));
    const curves = state.track < 0
      ? data.points.map((values, n) => [data.seats[n].title, data.seats[n].ink, values.slice(0, Math.max(0, data.steps[state.at].end ? values.length : data.steps[state.at].r - 1))])
      : chosen.cells.slice(0, 8).map(([title, cell], n) => [title, data.seats[n % data.seats.length].ink, ends().map((step) => valuesAt(step)[cell])]);
    return make("section", { id: "tracks" }, make("h2", {}, "How things stand"), pick,
      state.track >= 0 && chosen.about ? make("p", { class: "why" }, chosen.about) : "", rows, chart(curves));
  }
  function ends() {
    const starts = roundStarts().filter((n) => n <= state.at);
    return [...starts, state.at];
  }
  function chart(curves) {
    const drawn = curves.filter(([, , values]) => values.length > 1);
    if (!drawn.length) return make("p", { class: "why" }, "A chart is drawn from the second round on.");
    const all = drawn.flatMap(([, , values]) => values);
    const low = Math.min(...all), high = Math.max(...all, low + 1), wide = 420, tall = 200, longest = Math.max(...drawn.map(([, , v]) => v.length)) - 1;
    const x = (n) => 36 + ((wide - 180) * n) / longest, y = (value) => 180 - (160 * (value - low)) / (high - low);
    const svg = draw("svg", { viewBox: `0 0 ${wide} ${tall}`, role: "img", "aria-label": drawn.map(([who, , v]) => `${who}: ${v.join(", ")}`).join("; ") });
    for (const value of [low, high]) svg.append(draw("line", { x1: 36, x2: wide - 144, y1: y(value), y2: y(value), class: "grid" }), draw("text", { x: 32, y: y(value) + 4, "text-anchor": "end" }, number(value)));
    let free = 0;
    drawn.map((curve, n) => [curve, n]).sort((a, b) => y(a[0][2].at(-1)) - y(b[0][2].at(-1))).forEach(([[who, ink, values], n]) => {
      svg.append(draw("polyline", { points: values.map((v, k) => `${x(k)},${y(v)}`).join(" "), class: "curve", stroke: ink, "stroke-dasharray": ["", "7 4", "2 3", "9 3 2 3"][n % 4] }));
      free = Math.max(free + 13, y(values.at(-1)) + 4);
      svg.append(draw("text", { x: wide - 138, y: free }, `${who.slice(0, 18)} ${number(values.at(-1))}`));
    });
    return svg;
  }

  // ------------------------------------------------------------------------------------ the lesson
  function asking() {
    if (state.mode === "goal") {
      return make("section", { id: "goal" }, make("h2", {}, "You"), make("ul", {}, lesson.goal.map((text) => make("li", {}, text))),
        lesson.objective ? make("p", {}, make("b", {}, "What you will take home: "), lesson.objective) : "",
        make("p", { class: "why" }, `${lesson.questions.length} questions${lesson.minutes ? `, about ${lesson.minutes} minutes` : ""}. Answer with any legal move.`),
        make("div", { class: "row" }, button("begin", "Begin", begin, { class: "main" })));
    }
    if (state.mode === "done") return summary();
    const question = lesson.questions[state.question], mine = taken[state.question];
    const open = state.mode === "asking";
    return make("section", { id: "question" },
      make("h2", {}, `${state.question + 1} of ${lesson.questions.length}: ${question.chapter}`),
      question.recap ? make("p", { class: "why" }, question.recap) : "",
      question.since.length ? make("details", { open: true }, make("summary", {}, state.question ? "Since your last turn" : "So far"), make("ul", {}, question.since.map((text) => make("li", { class: "why" }, text)))) : "",
      make("p", {}, make("b", {}, question.prompt)), question.by ? make("p", { class: "why" }, question.by) : "",
      mine.hinted ? make("p", {}, `Hint: ${question.hint}`) : "",
      open ? picking(question) : "",
      mine.tries.map((text) => said(question, text)),
      state.mode === "told" ? told(question, mine) : "",
      mine.tries.length ? make("label", {}, make("small", {}, "Why? (up to 50 words)"), make("textarea", { id: "why", maxlength: 400, oninput: (event) => { mine.why = event.target.value.trim().split(/\s+/).slice(0, 50).join(" "); keep(); } }, mine.why)) : "",
      make("div", { class: "row" }, controls(question, mine, open)));
  }
  function picking(question) {
    const wanted = state.filter.toLowerCase();
    const families = new Map();
    for (const move of question.moves) {
      if (wanted && !`${move[1]} ${move[2]}`.toLowerCase().includes(wanted)) continue;
      if (!families.has(move[2])) families.set(move[2], []);
      families.get(move[2]).push(move);
    }
    const list = [...families].map(([family, moves]) => [make("small", {}, family || "Other"),
      moves.map(([text, title]) => button(`move-${text}`, title, () => { state.picked = text; show(`move-${text}`); }, { "aria-pressed": String(state.picked === text), "data-move": text }))]);
    return make("div", {}, make("input", { id: "filter", type: "search", placeholder: "Find a move", "aria-label": "Find a move", value: state.filter, oninput: (event) => { state.filter = event.target.value; show("filter"); } }),
      make("div", { class: "moves", role: "group", "aria-label": "Legal moves" }, list));
  }
  const moveOf = (question, text) => question.moves.find((move) => move[0] === text);
  function said(question, text) {
    const [, title, , good, texts] = moveOf(question, text);
    const [kind, sign] = good === 1 ? ["right", "✓"] : good === 0 ? ["wrong", "✗"] : ["", "–"];
    return make("div", { class: `answer ${kind}` }, make("b", {}, `${sign} ${title}`), texts.map((line) => make("p", {}, line)));
  }
  function told(question, mine) {
    const right = question.moves.filter((move) => move[3] === 1);
    return make("div", {}, question.played ? make("p", {}, make("b", {}, "What was played: "), moveOf(question, question.played)[1]) : "",
      question.luck ? make("p", { class: "why" }, question.luck) : "",
      make("p", {}, make("b", {}, "Right answers: ")), right.filter((move) => !mine.tries.includes(move[0])).map((move) => said(question, move[0])));
  }
  function controls(question, mine, open) {
    const last = state.question + 1 === lesson.questions.length;
    const next = button("next", last ? "How it went" : "Next question", onward, { class: open ? null : "main" });
    if (!open && state.mode !== "right") return [next];
    const found = open ? [button("answer", "That is my answer", answer, { class: "main", disabled: !state.picked })] : [];
    if (open && question.hint) found.push(button("hint", "A hint", () => { mine.hinted = true; keep(); show("hint"); }, { disabled: mine.hinted }));
    if (question.sealed) return mine.tries.length ? [...found, next] : found;
    return [...found, button("reveal", "Show the answer", () => { state.mode = "told"; mine.told = true; keep(); show("next"); }), ...(state.mode === "right" ? [next] : [])];
  }
  function begin() {
    state.mode = "asking";
    state.at = lesson.questions[0].step;
    shown = performance.now();
    show("filter");
  }
  function answer() {
    const question = lesson.questions[state.question], mine = taken[state.question];
    if (!state.picked) return;
    mine.tries.push(state.picked);
    mine.seconds = Math.round((performance.now() - shown) / 1000);
    const good = moveOf(question, state.picked)[3];
    if (good === 1) mine.right = true;
    if (good === 1 || question.sealed) state.mode = "right";
    state.picked = "";
    keep();
    show(state.mode === "right" ? "next" : "filter");
  }
  function onward() {
    state.filter = state.picked = "";
    if (state.question + 1 < lesson.questions.length) {
      state.question += 1;
      state.mode = taken[state.question].right || taken[state.question].told ? "told" : "asking";
      state.at = lesson.questions[state.question].step;
      shown = performance.now();
      show("filter");
    } else {
      state.mode = "done";
      finish();
      show("name");
    }
  }
  const wrongBefore = (question, mine) => mine.tries.filter((text) => moveOf(question, text)[3] === 0).length;
  const score = () => lesson.questions.filter((question, n) => taken[n].right && !wrongBefore(question, taken[n]) && !taken[n].hinted).length;
  const open = () => lesson.questions.some((question) => !question.sealed);
  function summary() {
    const rows = lesson.questions.map((question, n) => {
      const mine = taken[n], wrong = wrongBefore(question, mine);
      const words = question.sealed ? (mine.tries.length ? "answered" : "not answered") : mine.right ? "right" : "not found";
      return make("li", {}, `${question.chapter}: ${words}${wrong ? `, ${wrong} other first` : ""}${mine.hinted ? ", with a hint" : ""}`);
    });
    const parts = [["What was learned", [lesson.learned]], ["What many believe", [lesson.claim, lesson.met]], ["Where the model may be wrong", [lesson.limits]], ["Sources", lesson.sources]];
    return make("section", { id: "summary" }, make("h2", {}, "How it went"),
      open() ? make("p", { id: "score", "data-score": score() }, `${score()} of ${lesson.questions.length} right at once, without a hint.`) : "",
      make("ul", {}, rows),
      parts.filter(([, texts]) => texts.some(Boolean)).map(([title, texts]) => [make("h2", {}, title), texts.filter(Boolean).map((text) => make("p", {}, text))]),
      make("label", {}, make("small", {}, "A name for the list, not your own"), make("input", { id: "name", maxlength: 60, value: state.name, oninput: (event) => { state.name = event.target.value; result(); } })),
      make("p", { class: "row" }, make("a", { id: "save", download: "result.result.yaml" }, "Save my result")),
      make("textarea", { id: "result", readonly: true, "aria-label": "The result, to copy" }),
      make("p", { class: "why" }, `${data.caution}.`));
  }
  function result() {
    const area = document.getElementById("result");
    if (!area) return;
    const made = sealed(state.name.trim().split(/\s+/).join(" ") || "nobody");
    area.value = made;
    document.getElementById("save").setAttribute("href", `data:text/yaml;charset=utf-8,${encodeURIComponent(made)}`);
  }
  function sealed(name) {
    const replies = taken.map(({ tries, hinted, seconds, why }) => ({ tries, hinted, seconds, why }));
    const body = { chokepoint_result: 1, lesson: lesson.name, fingerprint: lesson.fingerprint, assignment: lesson.assignment, pseudonym: name, replies };
    const seal = hmac(lesson.key, canonical(body)).slice(0, 32);
    // JSON is YAML: each line is read as the program reads its own.
    const lines = Object.entries(body).filter(([key]) => key !== "replies").map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
    return [...lines, "replies:", ...replies.map((reply) => `- ${JSON.stringify(reply)}`), `seal: ${JSON.stringify(seal)}`, ""].join("\n");
  }

  // --------------------------------------------------------------- the seal: HMAC-SHA-256 (RFC 2104, FIPS 180-4)
  function canonical(value) {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value && typeof value === "object") return `{${Object.keys(value).sort().map((key) => `${canonical(key)}:${canonical(value[key])}`).join(",")}}`;
    return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
  }
  const bytes = (text) => [...new TextEncoder().encode(text)];
  function primes(count) {
    const found = [];
    for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime)) found.push(n);
    return found;
  }
  const fraction = (value) => Math.floor((value - Math.floor(value)) * 2 ** 32) >>> 0;
  const ROUND = primes(64).map((prime) => fraction(Math.cbrt(prime)));
  function sha256(message) {
    const hash = primes(8).map((prime) => fraction(Math.sqrt(prime)));
    const padded = [...message, 0x80];
    while (padded.length % 64 !== 56) padded.push(0);
    const bits = message.length * 8;
    for (let n = 7; n >= 0; n--) padded.push(Math.floor(bits / 2 ** (8 * n)) & 255);
    const turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let at = 0; at < padded.length; at += 64) {
      const w = [];
      for (let n = 0; n < 16; n++) w[n] = (padded[at + 4 * n] << 24) | (padded[at + 4 * n + 1] << 16) | (padded[at + 4 * n + 2] << 8) | padded[at + 4 * n + 3];
      for (let n = 16; n < 64; n++) {
        const a = turn(w[n - 15], 7) ^ turn(w[n - 15], 18) ^ (w[n - 15] >>> 3), b = turn(w[n - 2], 17) ^ turn(w[n - 2], 19) ^ (w[n - 2] >>> 10);
        w[n] = (w[n - 16] + a + w[n - 7] + b) | 0;
      }
      let [a, b, c, d, e, f, g, h] = hash;
      for (let n = 0; n < 64; n++) {
        const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[n] + w[n]) | 0;
        const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
      }
      [a, b, c, d, e, f, g, h].forEach((value, n) => { hash[n] = (hash[n] + value) | 0; });
    }
    return hash.flatMap((value) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255));
  }
  function hmac(key, text) {
    const block = bytes(key).length > 64 ? sha256(bytes(key)) : bytes(key);
    const pad = (value) => Array.from({ length: 64 }, (_, n) => (block[n] || 0) ^ value);
    return sha256([...pad(0x5c), ...sha256([...pad(0x36), ...bytes(text)])]).map((value) => value.toString(16).padStart(2, "0")).join("");
  }

  // ------------------------------------------------------------------- a learning platform (SCORM 1.2)
  function platform() {
    for (let frame = window, n = 0; n < 12; frame = frame.parent, n++) {
      try {
        if (frame.API) return frame.API;
        if (frame.parent === frame) return frame.opener && frame.opener.API ? frame.opener.API : null;
      } catch { return null; }
    }
    return null;
  }
  const api = lesson ? platform() : null;
  const opened = Date.now();
  function resume() {
    if (!api) return;
    api.LMSInitialize("");
    try {
      const kept = JSON.parse(api.LMSGetValue("cmi.suspend_data") || "null");
      if (kept && kept.taken.length === taken.length) {
        kept.taken.forEach(([tries, hinted, seconds, told], n) => {
          const moves = lesson.questions[n].moves;
          Object.assign(taken[n], { tries: tries.map((at) => moves[at][0]), hinted: !!hinted, seconds, told: !!told });
          taken[n].right = taken[n].tries.some((text) => moveOf(lesson.questions[n], text)[3] === 1);
        });
        state.question = kept.question;
        state.mode = kept.mode;
        state.at = lesson.questions[state.question].step;
      }
    } catch { /* what the platform kept is not ours: begin anew */ }
    window.addEventListener("pagehide", () => { keep(); api.LMSFinish(""); });
  }
  function keep() {
    if (!api) return;
    // Numbers of moves, because a platform keeps 4,096 characters.
    const kept = taken.map(({ tries, hinted, seconds, told }, n) => [tries.map((text) => lesson.questions[n].moves.findIndex((move) => move[0] === text)), hinted ? 1 : 0, seconds, told ? 1 : 0]);
    api.LMSSetValue("cmi.suspend_data", JSON.stringify({ taken: kept, question: state.question, mode: state.mode }));
    const done = state.mode === "done";
    const seconds = Math.floor((Date.now() - opened) / 1000);
    const time = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, "0"));
    api.LMSSetValue("cmi.core.lesson_status", done ? "completed" : "incomplete");
    api.LMSSetValue("cmi.core.session_time", time.join(":"));
    // Without "suspend" a platform may forget where somebody left.
    api.LMSSetValue("cmi.core.exit", done ? "" : "suspend");
    api.LMSCommit("");
  }
  function finish() {
    if (!api) return;
    lesson.questions.forEach((question, n) => {
      const to = `cmi.interactions.${n}.`;
      api.LMSSetValue(`${to}id`, `q${n + 1}`);
      // A choice would be one of 36 letters and digits, and there can be more moves; a filled-in text can be read, too.
      api.LMSSetValue(`${to}type`, "fill-in");
      const first = question.moves.findIndex((move) => move[0] === taken[n].tries[0]);
      api.LMSSetValue(`${to}student_response`, first < 0 ? "" : question.moves[first][0]);
      api.LMSSetValue(`${to}result`, first >= 0 && question.moves[first][3] === 1 ? "correct" : "wrong");
    });
    api.LMSSetValue("cmi.core.score.min", "0");
    api.LMSSetValue("cmi.core.score.max", "100");
    api.LMSSetValue("cmi.core.score.raw", String(Math.round((100 * score()) / lesson.questions.length)));
    keep();
  }

  // ------------------------------------------------------------------------------------- the page
  function show(focus) {
    const held = focus || (document.activeElement && document.activeElement.id);
    const at = document.activeElement && document.activeElement.id === held && "selectionStart" in document.activeElement ? document.activeElement.selectionStart : null;
    const list = document.querySelector(".moves"), scrolled = list ? list.scrollTop : 0;
    page.replaceChildren(header(), bar(), ...(lesson ? [asking(), make("div", { class: "side" }, happened(), tracks())] : [happened(), tracks()]));
    const again = document.querySelector(".moves");
    if (again) again.scrollTop = scrolled;
    const found = held ? document.getElementById(held) : null;
    if (found) {
      found.focus({ preventScroll: !focus });
      if (at !== null && found.setSelectionRange && found.type !== "range") found.setSelectionRange(at, at);
    }
    result();
  }
  document.addEventListener("keydown", (event) => {
    if (["INPUT", "TEXTAREA", "SELECT"].includes(event.target.tagName) && event.target.id !== "slider") return;
    const deeds = { ArrowLeft: () => (event.ctrlKey ? round(-1) : go(state.at - 1)), ArrowRight: () => (event.ctrlKey ? round(1) : go(state.at + 1)), Home: () => go(0), End: () => go(furthest()) };
    if (deeds[event.key]) { event.preventDefault(); deeds[event.key](); }
  });
  resume();
  show();
})();
