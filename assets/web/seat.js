// A seat's page: four tabs on a phone, three columns on a laptop. It works nothing out; it asks, and shows.

import { el, icon } from "./dom.js";
import { dealForm, messageForm, talkRead } from "./talk.js";
import { clock, coming, log, name, news, shares, standing, strip, world } from "./parts.js";

const TABS = [["board", "Board"], ["plan", "Play"], ["log", "Talk"], ["seat", "Seat"]];
const MOST_EFFECTS = 3;
const PLAYING = { seat: true, reader: true };

function shortly(effects) {
  const more = effects.length - MOST_EFFECTS;
  return effects.slice(0, MOST_EFFECTS).join(" · ") + (more > 0 ? ` · and ${more} more` : "");
}

export function seatPage(net, redraw) {
  // What this device has in hand; nothing of it is played before the host has said so.
  const hand = { tab: "plan", family: "", draft: null, into: null, said: "", sending: false, secret: false, deal: {} };
  const may = (role) => PLAYING[net.me.role] && (role !== "seat" || net.me.role === "seat");

  async function send(op, details) {
    hand.sending = true;
    hand.said = "";
    redraw();
    const reply = await net.command(op, details);
    hand.sending = false;
    hand.said = reply.sentence;
    redraw();
    return reply;
  }

  async function ask(move, chosen, into) {
    const { ok, data, sentence } = await send("ask", { move, chosen });
    if (!ok || data.reason) { hand.said = data?.reason || sentence; hand.draft = null; } else { hand.draft = data; hand.into = into; }
    redraw();
  }

  const drop = () => { hand.draft = null; hand.into = null; hand.said = ""; redraw(); };
  const play = async (move) => { const { ok } = await send("play", { move, at: net.document.at }); if (ok) drop(); };

  const plainSlots = () => Object.values(net.document.plan.slots || {}).map((slot) => ({
    move: slot.move, ...(slot.alternate ? { alternate: slot.alternate.move } : {}), ...(slot.condition ? { only_if: slot.condition } : {}),
  }));
  const change = async (slots) => { const { ok } = await send("plan", { slots, rev: net.document.plan.rev }); if (ok) drop(); };

  function take(move) {
    const slots = plainSlots();
    const { n, alternate } = hand.into || { n: slots.length };
    if (alternate) slots[n] = { ...slots[n], alternate: move };
    else slots[n] = { ...slots[n], move };
    change(slots);
  }

  function rows(list) {
    const arrow = (row) => (row.good > 0 ? el("b", { class: "better" }, "▲ better") : row.good < 0 ? el("b", { class: "worse" }, "▼ worse") : null);
    return el("ul", { class: "rows" }, list.map((row) => el("li", {}, el("span", {}, row.title),
      el("span", { class: "numbers" }, row.ordered ? `${row.after} ${row.ordered}` : [`${row.before} → `, el("b", {}, row.after)], " ", arrow(row)))));
  }

  function band(family, cost) {
    const found = net.static.families[family];
    return el("div", { class: `band family-${found?.colour || 6}` }, found ? [icon(found.icon), el("b", {}, found.title)] : el("b", {}, "Move"), el("span", {}, cost || ""));
  }

  function draft() {
    const found = hand.draft;
    const body = found.picks
      ? [el("h3", {}, `Choose the ${found.choice}`), el("ul", { class: "picks" }, found.picks.map((pick) => el("li", {}, pick.reason
        ? el("p", { class: "closed" }, `${pick.title}: ${pick.reason}`)
        : el("button", { id: `pick-${pick.value}`, onclick: () => ask(found.name, { ...found.chosen, [found.key]: pick.value }, hand.into) }, pick.title))))]
      : [el("h3", {}, "If it is played"), found.rows.length ? rows(found.rows) : el("p", {}, "Nothing that you can see changes at once.")];
    return el("article", { class: "paper card", "aria-live": "polite" }, band(found.family, found.cost), el("h2", {}, found.title),
      found.effects.length ? el("p", { class: "soft" }, found.effects.join(" · ")) : null, body,
      el("div", { class: "buttons" }, el("button", { id: "back", onclick: drop }, "Put it back")));
  }

  function choosing(into) {
    const { options } = net.document;
    const list = Object.entries(options).sort(([, a], [, b]) => a.order - b.order);
    const families = Object.entries(net.static.families);
    const open = (family) => list.filter(([, option]) => option.family === family && !option.reason).length;
    const chosen = hand.family || (families.find(([family]) => open(family)) || families[0] || [""])[0];
    return el("section", { class: "choosing" },
      el("h2", {}, into.alternate ? "Instead, if it cannot be played" : into.title),
      el("div", { class: "families", role: "group", "aria-label": "Families of moves" }, families.map(([family, told]) => {
        const all = list.filter(([, option]) => option.family === family);
        return el("button", {
          id: `family-${family}`, class: `family family-${told.colour}`, "aria-pressed": String(family === chosen), disabled: !all.length,
          onclick: () => { hand.family = family; redraw(); },
        }, icon(told.icon), el("span", {}, told.title.replace(/(\p{L}{7})(\p{L}{4,})/gu, "$1\u00AD$2")), el("small", {}, all.length ? `${open(family)} of ${all.length}` : "not yours"));
      })),
      el("ul", { class: "moves" }, list.filter(([, option]) => option.family === chosen).map(([key, option]) => el("li", {}, option.reason
        ? el("p", { class: "closed" }, el("b", {}, option.title), ` ${option.reason}`)
        : el("button", { id: `move-${key}`, class: "move", onclick: () => ask(key, {}, into) }, el("b", {}, option.title),
          el("span", { class: "cost" }, [option.cost, option.free ? "takes no move" : "", option.secret ? "unseen" : ""].filter(Boolean).join(" · ")),
          el("small", {}, shortly(option.effects)))))));
  }

  function condition(n, slot) {
    const { tracks } = net.static;
    const keys = Object.keys(net.document.values).filter((key) => {
      const [track, ...index] = key.split("|");
      return tracks[track] && (!index.length || index[0] === net.me.seat);
    });
    const title = (key) => { const [track, ...index] = key.split("|"); return tracks[track].title + (index.length ? ", own" : ""); };
    const [track, compare, value] = slot.condition || [];
    const set = () => {
      const read = (part) => document.getElementById(`if-${part}-${n}`).value;
      const slots = plainSlots();
      slots[n].only_if = [read("track"), read("compare"), Number.parseInt(read("value"), 10) || 0];
      change(slots);
    };
    const clear = () => { const slots = plainSlots(); delete slots[n].only_if; change(slots); };
    return el("details", { id: `if-${n}`, class: "condition" }, el("summary", {}, slot.only_if ? `Only if ${slot.only_if}` : "Only if …"),
      el("label", {}, "Track ", el("select", { id: `if-track-${n}` }, keys.sort((a, b) => title(a).localeCompare(title(b)))
        .map((key) => el("option", { value: key, selected: key === track }, title(key))))),
      el("label", {}, "is ", el("select", { id: `if-compare-${n}` }, ["at least", "at most"].map((each) => el("option", { selected: each === compare }, each)))),
      el("label", {}, "Number ", el("input", { id: `if-value-${n}`, type: "text", inputmode: "numeric", value: value ?? "" })),
      el("div", { class: "buttons" }, el("button", { id: `if-set-${n}`, onclick: set }, "Set the condition"),
        slot.only_if ? el("button", { id: `if-clear-${n}`, onclick: clear }, "Without condition") : null));
  }

  function slot(n, told) {
    const { plan, mine } = net.document;
    const editable = may("plan") && !plan.sealed;
    const without = () => change(plainSlots().filter((_, at) => at !== n));
    return el("article", { class: "paper card" }, band(told.family, `Move ${n + 1}`), el("h2", {}, told.title),
      told.reason ? el("p", { class: "worse" }, `As things stand: ${told.reason}`) : rows(told.rows),
      told.only_if && !editable ? el("p", {}, `Only if ${told.only_if}.`) : null, editable ? condition(n, told) : null,
      el("p", { class: "soft" }, "If it cannot be played: ", el("b", {}, told.alternate ? told.alternate.title : net.document.mode === "live" ? "you choose then" : "you are asked")),
      editable ? el("div", { class: "buttons" },
        mine && may("seat") ? el("button", { class: "main", id: `play-${n}`, disabled: hand.sending, onclick: () => play(told.move) }, "Play it") : null,
        el("button", { id: `change-${n}`, onclick: () => { hand.into = { n, title: `Another move ${n + 1}` }; hand.draft = null; redraw(); } }, "Change"),
        el("button", { id: `else-${n}`, onclick: () => { hand.into = { n, alternate: true }; hand.draft = null; redraw(); } }, "Instead …"),
        el("button", { id: `remove-${n}`, onclick: without }, "Remove")) : null);
  }

  function planTab() {
    const { document: now } = net;
    if (now.head.over) return [strip(net), news(net)];
    const slots = Object.entries(now.plan.slots);
    const planning = now.phase === "plan" || !now.mine;
    const locked = now.plan.sealed || !may("plan") || (now.phase === "resolve" && !now.mine);
    const asks = now.asked ? el("p", { class: "notice", role: "alert" }, "Your next move can be played neither as planned nor as its alternate. Play another one, or end the turn.") : null;
    const next = hand.into || { n: slots.length, title: now.mine ? "Pick a move" : `Plan move ${slots.length + 1}` };
    const room = hand.into || now.mine || slots.length < now.slots;
    return [
      el("p", { class: "soft" }, now.mine ? `Your turn: ${now.left} of ${net.static.actions} moves left.`
        : planning && now.phase === "plan" ? "All seats plan at once. Your team shares this plan." : "Plan ahead; nothing is played before your turn."),
      asks, now.phase === "resolve" && now.mine ? null : slots.map(([n, told]) => slot(Number(n), told)),
      hand.draft ? draft() : !locked && room ? choosing(next) : null,
      hand.into && !hand.draft ? el("button", { onclick: drop }, "Leave it as it is") : null,
    ];
  }

  function foot() {
    const { document: now } = net;
    const button = (id, label, action, off) => el("button", { id, class: "main", disabled: off || hand.sending, onclick: action }, label);
    const parts = [];
    if (hand.draft?.move && now.mine && may("seat") && !hand.into?.alternate) parts.push(button("do", `Play: ${hand.draft.title}`, () => play(hand.draft.move)));
    else if (hand.draft?.move && may("plan")) parts.push(button("do", hand.into?.alternate ? "Play this instead" : "Add to the plan", () => take(hand.draft.move)));
    else if (now.phase === "plan" && may("seat")) {
      const count = Object.keys(now.plan.slots).length;
      parts.push(now.plan.sealed
        ? el("button", { id: "unseal", disabled: hand.sending, onclick: () => send("unseal", { rev: now.plan.rev }) }, "Sealed. Open it again")
        : button("seal", `Seal the plan (${count} of ${now.slots})`, () => send("seal", { rev: now.plan.rev })));
    } else if (now.mine && may("seat")) {
      if (net.static.passing) parts.push(el("button", { id: "pass", disabled: hand.sending, onclick: () => play("pass") }, `End the turn (${now.left} left)`));
      if (now.undo) parts.push(el("button", { id: "undo", disabled: hand.sending, onclick: () => send("undo", { at: now.at }) }, "Take back"));
    }
    const words = hand.sending ? "Sending…" : hand.said;
    return el("div", { class: "foot" }, el("p", { class: "notice", role: "status" }, words || (now.mine ? "It is your turn." : now.waiting)), el("div", { class: "buttons" }, parts));
  }

  function seatTab() {
    const { seats, here } = net.document;
    const mine = seats[net.me.seat];
    const shown = (on) => () => { if (hand.secret !== on) { hand.secret = on; redraw(); } };
    const open = net.static.aims.filter(([title]) => !title.startsWith("Secret agenda"));
    const secret = net.static.aims.filter(([title]) => title.startsWith("Secret agenda"));
    const told = (list) => list.map(([title, text]) => [el("h3", {}, title), el("p", {}, text)]);
    return [el("section", {}, el("h2", {}, "Your seat"), told(open)),
      secret.length ? el("section", { class: "paper" }, el("button", {
        id: "secret", "aria-expanded": String(hand.secret), onpointerdown: shown(true), onpointerup: shown(false), onpointerleave: shown(false), onpointercancel: shown(false),
        onkeydown: (event) => { if (event.key === " " || event.key === "Enter") { event.preventDefault(); shown(true)(); } }, onkeyup: shown(false), onblur: shown(false),
        oncontextmenu: (event) => event.preventDefault(),
      }, "Hold to show the secret agenda"), hand.secret ? told(secret) : null) : null,
      el("section", {}, el("h2", {}, "This device"), el("p", {}, `${{ seat: "Decides for the seat", reader: "Reads along and plans", observer: "Looks on" }[net.me.role]}. `
        + `${here[net.me.seat]} of this seat's devices connected. ${mine.team ? `Team: ${mine.team}.` : ""}`)), coming(net)];
  }

  function answers(id, deal) {
    if (deal.state !== "offered" || !may("seat")) return null;
    const answer = (accept) => send("answer", { offer: id, rev: deal.rev, accept });
    return el("div", { class: "buttons" }, deal.from === net.me.seat
      ? el("button", { id: `withdraw-${id}`, onclick: () => answer(false) }, "Withdraw it")
      : [el("button", { id: `agree-${id}`, onclick: () => answer(true) }, "Agree"), el("button", { id: `decline-${id}`, onclick: () => answer(false) }, "Decline")]);
  }

  function talkTab() {
    const { talk, head } = net.document;
    return [el("section", {}, el("h2", {}, "Talk"), !PLAYING[net.me.role] ? null : talk.open ? messageForm(net, send) : el("p", { class: "soft" }, "The facilitator has not opened messages between seats."),
      may("seat") && !head.over ? dealForm(net, hand.deal, redraw, send) : null, talkRead(net, answers)), log(net)];
  }

  const tabs = {
    board: () => [news(net), strip(net), world(net), shares(net), standing(net)],
    plan: planTab, log: talkTab, seat: seatTab,
  };

  return () => {
    const { document: now, static: fixed, me } = net;
    if (hand.draft && hand.at !== now.at) { hand.draft = null; hand.into = null; }
    hand.at = now.at;
    const mine = now.seats[me.seat];
    const offers = Object.values(now.talk.deals).filter((deal) => deal.to === me.seat && deal.state === "offered").length;
    document.title = `${now.mine ? "Your turn · " : ""}${mine.title}`;
    return el("div", { class: `seatpage tab-${hand.tab}` },
      el("header", {}, el("div", {}, el("h1", {}, name(mine)), el("small", {}, `${mine.team || fixed.title} · ${now.here[me.seat]} connected`)),
        el("div", { class: "right" }, el("b", {}, `Round ${now.head.round} of ${fixed.rounds} `, clock(net)),
          el("small", { class: net.words === "connected" ? "good" : "bad", role: "status" }, net.words))),
      el("main", {}, TABS.map(([key, title]) => el("div", { class: `column column-${key}`, "data-scroll": key, "aria-label": title, role: "region", tabindex: 0 }, tabs[key]()))),
      foot(),
      el("nav", { "aria-label": "Pages" }, TABS.map(([key, title]) => el("button", {
        id: `tab-${key}`, "aria-current": key === hand.tab ? "page" : undefined, onclick: () => { hand.tab = key; redraw(); scrollTo(0, 0); },
      }, key === "plan" && now.phase === "plan" ? "Plan" : key === "log" && offers ? `Talk (${offers})` : title))));
  };
}
