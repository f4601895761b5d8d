// Elements, shapes and icons. Text is only ever set as text.

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = {
  triangle: "8,1.5 15,14.5 1,14.5", square: "2,2 14,2 14,14 2,14", diamond: "8,0.5 15.5,8 8,15.5 0.5,8",
  star: "8,0.5 10.2,5.6 15.7,6 11.5,9.7 12.8,15.2 8,12.2 3.2,15.2 4.5,9.7 0.3,6 5.8,5.6",
  hexagon: "4,1 12,1 16,8 12,15 4,15 0,8",
};

/** Return an element. `attributes`: `class`, `on…` handlers, `style` variables, anything else as it is. */
export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, each] of Object.entries(value)) node.style.setProperty(key, each);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(4).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** Return a seat's or side's shape in its colour, which is another one on paper. */
export function shape(mark) {
  const points = SHAPES[mark.shape];
  const drawn = points ? svg("polygon", { points }) : svg("circle", { cx: 8, cy: 8, r: 7 });
  const holder = svg("svg", { viewBox: "0 0 16 16", class: "shape", "aria-hidden": "true" }, drawn);
  holder.style.setProperty("--seat", mark.colour);
  holder.style.setProperty("--seat-print", mark.paper);
  return holder;
}

const SIGNS = {
  flag: ["M5 2v20", "M5 3h13l-3 4.5 3 4.5H5z"], plan: ["M3 5h18v14H3z", "M3 5l18 14", "M21 5 3 19"],
  talk: ["M12 3c5.5 0 9.5 3.3 9.5 7.5S17.5 18 12 18c-1 0-2-.1-2.9-.3L4 20.5l1.3-4.3C3.6 14.8 2.5 12.8 2.5 10.5 2.5 6.3 6.5 3 12 3z"],
  lock: ["M5 11h14v10H5z", "M8 11V8a4 4 0 0 1 8 0v3"], clock: ["M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19z", "M12 7v5.5l3.5 2"],
  coin: ["M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19z", "M12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z"],
};

/** Return a drawn sign; words stand beside it. */
export function sign(name) {
  return svg("svg", { viewBox: "0 0 24 24", class: `sign sign-${name}`, "aria-hidden": "true" }, ...SIGNS[name].map((d) => svg("path", { d })));
}

/** Return a price: as many coins as it costs, where that can be seen at a glance, and always in words. */
export function price(cost) {
  const count = Number.parseInt(cost, 10);
  if (!/^[1-4] [^–]*$/.test(cost)) return el("span", { class: "price" }, cost);
  return el("span", { class: "price" }, el("span", { class: "unseen" }, cost), Array.from({ length: count }, () => sign("coin")));
}

/** Return a QR code drawn from rows of 0 and 1. */
export function qr(rows, label) {
  const size = rows.length;
  let path = "";
  rows.forEach((row, y) => [...row].forEach((dark, x) => { if (dark === "1") path += `M${x} ${y}h1v1h-1z`; }));
  return svg(
    "svg", { viewBox: `0 0 ${size} ${size}`, class: "qr", role: "img", "aria-label": label },
    svg("rect", { width: size, height: size, fill: "#fff" }), svg("path", { d: path, fill: "#000" }),
  );
}

const icons = new Map();

/** Return a family's icon; drawn when it has been loaded. */
export function icon(name) {
  const holder = el("span", { class: "icon", "aria-hidden": "true" });
  if (!icons.has(name)) {
    icons.set(name, fetch(`/static/icons/${encodeURIComponent(name)}.svg`).then((answer) => answer.text())
      .then((text) => new DOMParser().parseFromString(text, "image/svg+xml").documentElement));
  }
  icons.get(name).then((drawing) => holder.replaceChildren(document.importNode(drawing, true)), () => {});
  return holder;
}

/** What somebody has typed or chosen and not yet sent, by the field's id; a select that acts at once holds nothing. */
function typedInto(root) {
  const fields = [...root.querySelectorAll("input[id], select[id]:not(.live)")];
  const dirty = (field) => (field.tagName === "SELECT" ? !field.selectedOptions[0]?.defaultSelected : field.value !== field.defaultValue);
  return new Map(fields.filter(dirty).map((field) => [field.id, field.value]));
}

/** Put new children in place, and leave the focus, what was typed and how far was scrolled where they were. */
export function show(root, ...children) {
  const active = document.activeElement;
  const key = root.contains(active) ? active.id : "";
  const caret = key && active.tagName === "INPUT" ? active.selectionStart : null;
  const typed = typedInto(root);
  const open = new Set([...root.querySelectorAll("details[open]")].map((each) => each.id));
  const scrolled = [...root.querySelectorAll("[data-scroll]")].map((each) => [each.dataset.scroll, each.scrollTop]);
  root.replaceChildren(...children.flat(4).filter(Boolean));
  for (const id of open) if (id) document.getElementById(id)?.setAttribute("open", "");
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (field) field.value = value;
  }
  for (const [name, top] of scrolled) {
    const again = root.querySelector(`[data-scroll="${name}"]`);
    if (again) again.scrollTop = top;
  }
  const again = key && document.getElementById(key);
  if (!again) return;
  again.focus({ preventScroll: true });
  if (caret !== null && again.setSelectionRange && again.type === "text") again.setSelectionRange(caret, caret);
}

const SHOWN = 8000;

/** Show what came of a command, and let it give way after some seconds. */
export function say(hand, sentence, redraw) {
  hand.said = sentence;
  clearTimeout(hand.fading);
  if (sentence) hand.fading = setTimeout(() => { hand.said = ""; redraw(); }, SHOWN);
}

/** Return minutes and seconds. */
export function clockWords(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Return a number with a true minus. */
export function number(value) {
  return String(value).replace("-", "−");
}
