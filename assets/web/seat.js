// A seat's page: four tabs on a phone, three columns on a laptop. It works nothing out; it asks, and shows.

import { el, icon, price, say, sign } from "./dom.js";
import { dealForm, messageForm, talkRead } from "./talk.js";
import { clock, coming, log, name, news, shares, standing, strip, world } from "./parts.js";

const TABS = [["board", "Board", "flag"], ["plan", "Play", "plan"], ["log", "Talk", "talk"], ["seat", "Seat", "lock"]];
const MOST_EFFECTS = 3;
const MOST_ROWS = 4;
const PLAYING = { seat: true, reader: true };

/** Return a title that may be parted in its long words, for browsers that know no hyphenation. */
function softly(title) {
  return title.replace(/\p{L}{9,}/gu, (word) => [word.slice(0, 4), ...(word.length > 10 ? [word.slice(4, 7), word.slice(7)] : [word.slice(4)])].join("\u00AD"));
}

function shortly(effects) {
  const more = effects.length - MOST_EFFECTS;
  return effects.slice(0, MOST_EFFECTS).join(" · ") + (more > 0 ? ` · and ${more} more` : "");
}

const READ = `read ${location.pathname}`;

/** Return the number of the last message that was read on this page, before a reload too. */
function lastRead() {
  try { return Number(sessionStorage.getItem(READ)); } catch { return 0; }
}

export function seatPage(net, redraw) {
  // What this device has in hand; nothing of it is played before the host has said so.
  const hand = { tab: "plan", family: "", draft: null, into: null, said: "", sending: false, secret: false, condition: null, deal: {}, read: lastRead() };
  const may = (role) => PLAYING[net.me.role] && (role !== "seat" || net.me.role === "seat");

  async function send(op, details) {
    hand.sending = true;
    hand.said = "";
    redraw();
    const reply = await net.command(op, details);
    hand.sending = false;
    say(hand, reply.sentence, redraw);
    redraw();
    return reply;
  }

  async function ask(move, chosen, into) {
    const { ok, data, sentence } = await send("ask", { move, chosen });
    if (!ok || data.reason) { say(hand, data?.reason || sentence, redraw); hand.draft = null; } else { hand.draft = data; hand.into = into; }
    redraw();
  }

  const drop = () => { hand.draft = null; hand.into = null; hand.said = ""; redraw(); };
  const play = async (move) => { const { ok } = await send("play", { move, at: net.document.at }); if (ok) drop(); };

  const plainSlots = () => Object.values(net.document.plan.slots || {}).map((slot) => ({
    move: slot.move, ...(slot.alternate ? { alternate: slot.alternate.move } : {}), ...(slot.condition ? { only_if: slot.condition } : {}),
  }));
  const change = async (slots) => { const { ok } = await send("plan", { slots, rev: net.document.plan.rev }); if (ok) { hand.condition = null; drop(); } };

  function take(move) {
    const slots = plainSlots();
    const { n, alternate } = hand.into || { n: slots.length };
    if (alternate) slots[n] = { ...slots[n], alternate: move };
    else slots[n] = { ...slots[n], move };
    change(slots);
  }

  function rows({ rows: list, sets_off: added }, id) {
    const way = (row) => el("b", { class: `way ${row.good < 0 ? "worse" : row.good > 0 ? "better" : ""}` }, row.by ? `${row.up ? "▲" : "▼"} ${row.by}` : "",
      row.good ? el("small", {}, row.good > 0 ? " better" : " worse") : null);
    const line = (row) => el("li", {}, el("span", {}, row.title), el("span", { class: "numbers" },
      row.ordered ? `${row.after} ${row.ordered}` : [`${row.before} → `, el("b", {}, row.after)], " ", row.by || row.good ? way(row) : null));
    const more = list.slice(MOST_ROWS);
    return [added.map(([title, why]) => el("p", {}, el("b", {}, `${title} `), why)), el("ul", { class: "rows" }, list.slice(0, MOST_ROWS).map(line)),
      more.length ? el("details", { id }, el("summary", {}, `${more.length} more ${more.length === 1 ? "change" : "changes"}`), el("ul", { class: "rows" }, more.map(line))) : null];
  }

  function band(family, cost) {
    const found = net.static.families[family];
    return el("div", { class: `band family-${found?.colour || 6}` }, found ? [icon(found.icon), el("b", {}, found.title)] : el("b", {}, "Move"), cost ? price(cost) : null);
  }

  function draft() {
    const found = hand.draft;
    const body = found.picks
      ? [el("h3", {}, `Choose the ${found.choice}`), el("ul", { class: "picks" }, found.picks.map((pick) => el("li", {}, pick.reason
        ? el("p", { class: "closed" }, `${pick.title}: ${pick.reason}`)
        : el("button", { id: `pick-${pick.value}`, onclick: () => ask(found.name, { ...found.chosen, [found.key]: pick.value }, hand.into) }, pick.title))))]
      : [el("h3", {}, "If it is played"), found.rows.length ? rows(found, "more") : el("p", {}, "Nothing that you can see changes at once.")];
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
    const chosenOpen = list.filter(([, option]) => option.family === chosen);
    const none = families.filter(([family]) => !list.some(([, option]) => option.family === family)).map(([, told]) => told.title);
    return el("section", { class: "choosing" },
      el("h2", {}, into.alternate ? "Instead, if it cannot be played" : "Pick a family", el("small", {}, net.document.plan.left)),
      el("div", { class: "families", role: "group", "aria-label": "Families of moves" }, families.map(([family, told]) => {
        const all = list.filter(([, option]) => option.family === family);
        return el("button", {
          id: `family-${family}`, class: `family family-${told.colour}`, "aria-pressed": String(family === chosen), disabled: !all.length,
          onclick: () => { hand.family = family; redraw(); },
        }, icon(told.icon), el("span", {}, softly(told.title)), el("small", {}, all.length ? `${open(family)} of ${all.length}` : "not yours"));
      })),
      none.length ? el("p", { class: "soft" }, sign("lock"), ` Not for this seat: ${none.join(", ")}.`) : null,
      el("ul", { class: "moves" }, chosenOpen.map(([key, option]) => el("li", {}, option.reason
        ? el("p", { class: "closed" }, sign("lock"), " ", el("b", {}, option.title), ` ${option.reason}`)
        : el("button", { id: `move-${key}`, class: "move", onclick: () => ask(key, {}, into) }, el("b", {}, option.title),
          el("span", { class: "cost" }, price(option.cost), [option.free ? " · takes no move" : "", option.secret ? " · unseen" : ""].join("")),
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
    return el("div", { class: "form condition" },
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
    const instead = told.alternate ? told.alternate.title : net.document.mode === "live" ? "you choose then" : "you are asked";
    return el("section", { class: "slot" },
      el("h2", { class: "line" }, `Move ${n + 1}`, el("small", {}, plan.sealed ? "sealed" : "shared with the team")),
      el("article", { class: "paper card" }, band(told.family, told.cost), el("h3", {}, told.title),
        told.reason ? el("p", { class: "worse" }, `As things stand: ${told.reason}`) : rows(told, `more-${n}`),
        told.only_if ? el("p", {}, `Only if ${told.only_if}.`) : null,
        editable ? [el("div", { class: "buttons" },
          mine && may("seat") ? el("button", { class: "main", id: `play-${n}`, disabled: hand.sending, onclick: () => play(told.move) }, "Play it") : null,
          el("button", { id: `change-${n}`, onclick: () => { hand.into = { n, title: `Another move ${n + 1}` }; hand.draft = null; redraw(); } }, "Change"),
          el("button", { id: `if-${n}`, "aria-expanded": String(hand.condition === n), onclick: () => { hand.condition = hand.condition === n ? null : n; redraw(); } }, "Only if …"),
          el("button", { id: `remove-${n}`, onclick: without }, "Remove")), hand.condition === n ? condition(n, told) : null] : null),
      el("p", { class: "instead" }, "If it cannot be played: ", editable
        ? el("button", { id: `else-${n}`, class: "quiet", onclick: () => { hand.into = { n, alternate: true }; hand.draft = null; redraw(); } }, el("b", {}, told.alternate ? instead : "you are asked; name another"))
        : el("b", {}, instead)));
  }

  /** An offer that waits for an answer, wherever the reader is. */
  function banner() {
    const { deals } = net.document.talk;
    const [id, open] = Object.entries(deals).find(([, deal]) => deal.to === net.me.seat && deal.state === "offered") || [];
    if (!open || hand.tab === "log") return null;
    const answer = () => {
      hand.tab = "log";
      redraw();
      requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(`agree-${id}`)?.focus()));
    };
    const from = net.document.seats[open.from];
    return el("article", { class: "paper offer", style: { "--seat-print": from.paper } }, el("div", {}, el("p", {}, name(from), el("b", {}, " offers a deal")),
      el("small", {}, open.terms.map((term) => term.text).join(" · "))),
    el("button", { id: "see-offer", class: "dark", onclick: answer }, "Answer"));
  }

  function planTab() {
    const { document: now } = net;
    if (now.head.over) return [strip(net), news(net)];
    if (now.phase === "lobby") return [roundLine(), el("p", { class: "notice" }, now.waiting)];
    if (!now.seats[net.me.seat].human) return [roundLine(), banner(), el("p", { class: "notice" }, "A bot plays this seat now.")];
    const slots = Object.entries(now.plan.slots);
    const planning = now.phase === "plan" || !now.mine;
    const locked = now.plan.sealed || !may("plan") || (now.phase === "resolve" && !now.mine);
    const asks = now.asked ? el("p", { class: "notice", role: "alert" }, "Your next move can be played neither as planned nor as its alternate. Play another one, or end the turn.") : null;
    const next = hand.into || { n: slots.length };
    const room = hand.into || now.mine || slots.length < now.slots;
    const does = now.mine ? `your turn, ${now.left} of ${net.static.actions} moves left`
      : planning && now.phase === "plan" ? "all seats plan at once" : "plan ahead";
    const purse = net.static.purse.map((track) => [net.static.tracks[track].title, now.values[`${track}|${net.me.seat}`]]);
    return [
      el("p", { class: "line round" }, el("span", {}, el("b", {}, `Round ${now.head.round} of ${net.static.rounds} `), el("span", { class: "soft" }, does)),
        purse.map(([title, value]) => el("b", { class: "purse" }, sign("coin"), el("span", { class: "unseen" }, title), ` ${value}`))),
      banner(), asks, now.phase === "resolve" && now.mine ? null : slots.map(([n, told]) => slot(Number(n), told)),
      hand.draft ? draft() : !locked && room ? el("div", { class: "empty" },
        el("h2", { class: "line" }, hand.into ? hand.into.title || `Move ${next.n + 1}` : now.mine ? "Play a move" : `Move ${slots.length + 1}`), choosing(next)) : null,
      hand.into && !hand.draft ? el("button", { id: "leave", onclick: drop }, "Leave it as it is") : null,
    ];
  }

  function foot() {
    const { document: now } = net;
    const button = (id, label, action, off) => el("button", { id, class: "main", disabled: off || hand.sending, onclick: action }, label);
    const parts = [];
    if (hand.draft?.move && now.mine && may("seat") && !hand.into?.alternate) parts.push(button("do", `Play: ${hand.draft.title}`, () => play(hand.draft.move)));
    else if (hand.draft?.move && may("plan")) parts.push(button("do", hand.into?.alternate ? "Play this instead" : "Add to the plan", () => take(hand.draft.move)));
    else if (now.phase === "plan" && may("seat") && now.seats[net.me.seat].human) {
      const count = Object.keys(now.plan.slots).length;
      parts.push(now.plan.sealed
        ? el("button", { id: "unseal", disabled: hand.sending, onclick: () => send("unseal", { rev: now.plan.rev }) }, "Sealed. Open it again")
        : button("seal", ["Seal the plan ", el("small", {}, `${count} of ${now.slots} moves`)], () => send("seal", { rev: now.plan.rev })));
    } else if (now.mine && may("seat")) {
      if (net.static.passing) parts.push(el("button", { id: "pass", disabled: hand.sending, onclick: () => play("pass") }, `End turn (${now.left} left)`));
      if (now.undo) parts.push(el("button", { id: "undo", disabled: hand.sending, onclick: () => send("undo", { at: now.at }) }, "Take back"));
    }
    const words = hand.sending ? "Sending…" : hand.said;
    return el("div", { class: "foot" }, el("p", { class: "notice", role: "status" }, words || (now.mine ? "It is your turn." : now.phase === "plan" && !now.plan.sealed ? "" : now.waiting)), el("div", { class: "buttons" }, parts));
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
    if (deal.state !== "offered" || !may("seat") || net.document.head.over) return null;
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

  const roundLine = () => el("p", { class: "line round" }, el("span", {}, el("b", {}, `Round ${net.document.head.round} of ${net.static.rounds} `),
    el("span", { class: "soft" }, net.document.head.date)));

  const tabs = {
    board: () => [roundLine(), news(net), strip(net), world(net), shares(net), standing(net)],
    plan: planTab, log: talkTab, seat: seatTab,
  };

  return () => {
    const { document: now, static: fixed, me } = net;
    if (hand.draft && hand.at !== now.at) { hand.draft = null; hand.into = null; }
    hand.at = now.at;
    const mine = now.seats[me.seat];
    const offers = now.head.over ? 0 : Object.values(now.talk.deals).filter((deal) => deal.to === me.seat && deal.state === "offered").length;
    const told = Object.entries(now.talk.messages).map(([id, said]) => [Number(id), said]);
    if (hand.tab === "log" && told.length) {
      hand.read = Math.max(...told.map(([id]) => id));
      try { sessionStorage.setItem(READ, hand.read); } catch { /* a browser that keeps nothing: read until the page is left */ }
    }
    const unread = told.filter(([id, said]) => id > hand.read && said.from !== me.seat).length;
    const marks = [offers ? `${offers} to answer` : "", unread ? `${unread} to read` : ""].filter(Boolean).join(", ");
    document.title = `${now.mine ? "Your turn · " : ""}${mine.title}`;
    return el("div", { class: `seatpage tab-${hand.tab}` },
      el("header", {}, el("div", {}, el("h1", {}, name(mine)), el("small", {}, `${mine.team || fixed.title} · ${now.here[me.seat]} ${now.here[me.seat] === 1 ? "device" : "devices"}`)),
        el("div", { class: "right" }, clock(net), el("small", { class: net.words === "connected" ? "good" : "bad", role: "status" }, net.words))),
      el("main", {}, TABS.map(([key, title]) => el("div", { class: `column column-${key}`, "data-scroll": key, "aria-label": title, role: "region", tabindex: 0 }, tabs[key]()))),
      foot(),
      el("nav", { "aria-label": "Pages" }, TABS.map(([key, title, drawn]) => el("button", {
        id: `tab-${key}`, "aria-current": key === hand.tab ? "page" : undefined, onclick: () => { hand.tab = key; redraw(); scrollTo(0, 0); },
      }, sign(drawn), el("span", {}, key === "plan" && now.phase === "plan" ? "Plan" : title),
      key === "log" && marks ? el("b", { class: "badge" }, el("span", { "aria-hidden": "true" }, offers + unread), el("span", { class: "unseen" }, ` ${marks}`)) : null))));
  };
}
