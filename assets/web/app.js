// Which page this is: a seat, the board, the facilitator's, or the door. The token of a link stands in the fragment,
// which no log and no proxy sees; it is swapped for one of this device's own, kept under this path.

import { boardPage } from "./board.js";
import { el, show } from "./dom.js";
import { facilitatorPage } from "./facilitator.js";
import { Net } from "./net.js";
import { seatPage } from "./seat.js";

const root = document.getElementById("app");
const [table, ...rest] = location.pathname.split("/").filter(Boolean);
const place = rest.join("/");
const kept = `chokepoint ${location.pathname}`;

function remember(token) {
  try {
    if (token) localStorage.setItem(kept, token);
    return token || localStorage.getItem(kept);
  } catch {
    return token || sessionToken;
  }
}
let sessionToken = null;

async function come(secret, at) {
  const answer = await fetch(`/${at}/join`, { method: "POST", body: JSON.stringify({ secret }) });
  return answer.json();
}

function door(sentence) {
  const field = el("input", { id: "code", type: "text", maxlength: 6, autocomplete: "off", autocapitalize: "none", spellcheck: "false" });
  const said = el("p", { class: "bad", role: "alert" }, sentence || "");
  const enter = async (event) => {
    event.preventDefault();
    const at = table || "1";
    const { token, place: found, sentence: refused } = await come(field.value, at);
    if (!token) { said.textContent = refused; return; }
    localStorage.setItem(`chokepoint /${at}/${found}`, token);
    location.assign(`/${at}/${found}`);
  };
  show(root, el("main", { class: "alone" },
    el("h1", {}, "Commons & Chokepoints"),
    el("p", {}, "Open the link or scan the code that the facilitator shows. Or type the code of six letters and digits that you were told:"),
    el("form", { onsubmit: enter }, el("label", { for: "code" }, "Code"), field, el("button", { class: "main", type: "submit" }, "Come in")),
    said));
  field.focus();
}

async function begin() {
  const secret = location.hash.slice(1);
  if (secret) history.replaceState(null, "", location.pathname);
  let token = remember(null);
  if (secret && !token) {
    const found = await come(secret, table);
    if (!found.token) { door(found.sentence); return; }
    sessionToken = token = found.token;
    remember(token);
  }
  if (!token || !place) { door(""); return; }
  let page = null;
  let drawn = false;
  const draw = () => {
    drawn = false;
    if (net.gone) {
      if (net.gone.code === "device") {
        localStorage.removeItem(kept);
        if (secret) { location.hash = secret; location.reload(); return; }
      }
      const again = el("button", { class: "main", onclick: () => location.reload() }, "Go on here");
      show(root, el("main", { class: "alone" }, el("h1", {}, "Commons & Chokepoints"), el("p", { role: "alert" }, net.gone.sentence),
        net.gone.code === "newer" ? again : null));
      return;
    }
    if (!net.document || !net.static) return;
    const make = { facilitator: facilitatorPage, board: boardPage }[net.me.role] || seatPage;
    page ||= make(net, () => { if (!drawn) { drawn = true; requestAnimationFrame(draw); } });
    show(root, page());
  };
  const net = new Net(table, token, () => { if (!drawn) { drawn = true; queueMicrotask(draw); } });
}

begin().catch(() => door("The host did not answer. Stay near it, and switch off mobile data and VPN."));
