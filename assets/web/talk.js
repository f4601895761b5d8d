// What is said and promised: messages, offers, deals with their marks; and the forms for new ones.

import { el } from "./dom.js";
import { name, ordered } from "./parts.js";

const MARKS = { kept: "✓ kept", broken: "✗ broken", open: "open" };

/** Return messages and deals to read; `buttons` adds what can be done with an offer. */
export function talkRead({ document }, buttons = () => null) {
  const { messages, deals } = document.talk;
  const who = (key) => (key === "all" ? "all" : key ? name(document.seats[key]) : el("b", {}, "Facilitator"));
  return [
    Object.entries(deals).reverse().map(([id, deal]) => el("article", { class: "paper card deal" },
      el("p", {}, who(deal.from), " offers ", who(deal.to), " a deal: ", el("b", {}, deal.state)),
      el("ul", { class: "plain" }, deal.terms.map((term) => el("li", {}, term.text, " ",
        term.mark ? el("b", { class: { kept: "better", broken: "worse" }[term.mark] || "soft" }, MARKS[term.mark]) : null))),
      buttons(Number(id), deal))),
    el("ol", { class: "log" }, Object.values(messages).reverse().map((said) => el("li", {},
      el("small", {}, `Round ${said.round} · `), who(said.from), " to ", who(said.to), el("p", { class: "said" }, said.text)))),
  ];
}

/** Return the form for a message; `send` posts it. */
export function messageForm(net, send) {
  const others = ordered(net.document.seats).filter(([key]) => key !== net.me.seat);
  const submit = async (event) => {
    event.preventDefault();
    const { to, text } = event.target.elements;
    if (!text.value.trim()) return;
    const { ok } = await send("say", { to: to.value, text: text.value });
    const field = document.getElementById("say-text");
    if (ok && field) field.value = "";
  };
  return el("form", { class: "form", onsubmit: submit }, el("label", {}, "To ", el("select", { id: "say-to", name: "to" },
    el("option", { value: "all" }, "all"), others.map(([key, seat]) => el("option", { value: key }, seat.title)))),
  el("label", {}, "Message ", el("input", { id: "say-text", name: "text", type: "text", maxlength: 2000, autocomplete: "off" })),
  el("button", { id: "say-send", type: "submit" }, "Send"));
}

/** Return the form for a deal: terms are added one by one to `draft`, then offered. */
export function dealForm(net, draft, redraw, send) {
  const { document: now, static: fixed, me } = net;
  const others = ordered(now.seats).filter(([key]) => key !== me.seat);
  const pick = (id, entries, value) => el("select", { id, onchange: (event) => { draft[id] = event.target.value; redraw(); } },
    entries.map(([key, title]) => el("option", { value: key, selected: key === (value ?? draft[id]) }, title)));
  const to = draft["deal-to"] || others[0][0];
  const kind = draft["deal-kind"] || "does";
  const seats = [[me.seat, now.seats[me.seat].title], [to, now.seats[to].title]];
  const cells = Object.keys(now.values).filter((key) => !fixed.tracks[key.split("|")[0]]?.secret).map((key) => {
    const [track, ...index] = key.split("|");
    return [key, [fixed.tracks[track].title, ...index.map((each) => now.seats[each]?.title || Object.values(fixed.sets).find((set) => set[each])?.[each] || each)].join(", ")];
  }).sort((a, b) => a[1].localeCompare(b[1]));
  const read = (id) => document.getElementById(id)?.value;
  const add = () => {
    const typed = document.getElementById("deal-value") || document.getElementById("deal-text");
    if (typed && !typed.reportValidity()) return;
    const term = { by: read("deal-by"), kind, until: Number(read("deal-until")) };
    if (kind === "text") term.text = read("deal-text");
    else if (kind === "track") Object.assign(term, { cell: read("deal-cell"), compare: read("deal-compare"), value: Number(read("deal-value")) });
    else term.move = read("deal-move");
    draft.terms = [...(draft.terms || []), term].slice(0, 4);
    redraw();
  };
  const words = (term) => `${now.seats[term.by].title}: ${{ does: "plays ", does_not: "does not play " }[term.kind] || ""}`
    + `${term.move ? fixed.moves[term.move] : term.text || `${cells.find(([key]) => key === term.cell)?.[1]} ${term.compare} ${term.value}`}, until round ${term.until}`;
  const offer = async () => {
    const { ok } = await send("offer", { seat: to, terms: draft.terms });
    if (ok) draft.terms = [];
    redraw();
  };
  const rounds = Array.from({ length: fixed.rounds - now.head.round + 1 }, (_, n) => [String(now.head.round + n), `round ${now.head.round + n}`]);
  return el("details", { id: "deal", class: "form" }, el("summary", {}, "Offer a deal"),
    el("label", {}, "With ", pick("deal-to", others.map(([key, seat]) => [key, seat.title]), to)),
    el("ul", { class: "plain" }, (draft.terms || []).map((term) => el("li", {}, words(term)))),
    el("label", {}, "Who promises ", pick("deal-by", seats)),
    el("label", {}, "What ", pick("deal-kind", [["does", "plays a move"], ["does_not", "does not play a move"], ["track", "a track stands so"], ["text", "in words"]], kind)),
    kind === "text" ? el("label", {}, "In words ", el("input", { id: "deal-text", type: "text", maxlength: 200, required: true }))
      : kind === "track" ? [el("label", {}, "Track ", pick("deal-cell", cells)), el("label", {}, "is ", pick("deal-compare", [["at least", "at least"], ["at most", "at most"]])),
        el("label", {}, "Number ", el("input", { id: "deal-value", type: "number", required: true }))]
        : el("label", {}, "Move ", pick("deal-move", Object.entries(fixed.moves).sort((a, b) => a[1].localeCompare(b[1])))),
    el("label", {}, "Until the end of ", pick("deal-until", rounds)),
    el("div", { class: "buttons" }, el("button", { id: "deal-add", type: "button", onclick: add, disabled: (draft.terms || []).length >= 4 }, "Add this term"),
      el("button", { id: "deal-offer", type: "button", onclick: offer, disabled: !(draft.terms || []).length }, "Offer the deal")));
}
