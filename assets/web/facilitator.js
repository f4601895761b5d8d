// The facilitator's page: who sits where, links and codes, the clock, and whether the network lets devices in.

import { el, qr, say } from "./dom.js";
import { messageForm, talkRead } from "./talk.js";
import { clock, log, name, news, ordered, strip, world } from "./parts.js";

const ROLES = { seat: "decides", reader: "reads along", observer: "looks on", board: "board", facilitator: "facilitator" };

export function facilitatorPage(net, redraw) {
  const hand = { said: "", shown: "", sending: false };

  async function send(op, details) {
    hand.sending = true;
    redraw();
    const reply = await net.command(op, details);
    hand.sending = false;
    say(hand, reply.sentence || (reply.ok ? "" : "That was refused."), redraw);
    redraw();
    return reply;
  }

  const button = (id, label, action, kind = "") => el("button", { id, class: kind, disabled: hand.sending, onclick: action }, label);

  function place(key) {
    const { door } = net.document;
    const shown = hand.shown === key;
    return [el("div", { class: "buttons" },
      button(`qr-${key}`, shown ? "Hide the code" : "Show link and QR code", () => { hand.shown = shown ? "" : key; redraw(); }),
      el("a", { class: "button", href: new URL(door.links[key]).pathname + new URL(door.links[key]).hash, target: "_blank", rel: "noopener" }, "Open here")),
    shown ? el("div", { class: "invitation paper" }, qr(door.qr[key], `QR code of ${key}`), el("div", {}, el("p", { class: "link" }, door.links[key]),
      el("p", {}, "Code to say aloud: ", el("b", { class: "code" }, door.codes[key])),
      key === "board" ? null : el("p", { class: "link" }, `To look on only: ${door.links[`${key}/watch`]}`),
      key === "board" ? null : button(`rotate-${key}`, "New link, and send all its devices away", () => send("rotate", { place: key })))) : null];
  }

  function seat([key, told]) {
    const { here } = net.document;
    const players = net.static.players[key];
    const field = el("input", { id: `team-${key}`, type: "text", maxlength: 40, value: told.team, placeholder: "Team's name", "aria-label": `Team of ${told.title}` });
    const rename = (event) => { event.preventDefault(); send("rename", { seat: key, team: field.value }); };
    const give = (event) => send("give", { seat: key, player: event.target.value });
    return el("article", { class: "card panel" }, el("h3", {}, name(told)),
      el("p", { class: told.human && !here[key] ? "bad" : "good" }, !told.human ? "Played by a bot" : here[key] ? `${here[key]} connected` : "Nobody connected"),
      el("form", { class: "buttons", onsubmit: rename }, field, el("button", { type: "submit", id: `rename-${key}` }, "Name")),
      el("label", {}, "Played by ", el("select", { id: `player-${key}`, class: "live", onchange: give }, players.map((each) =>
        el("option", { value: each, selected: each === told.player }, each === "human" ? "people" : each.replaceAll("_", " "))))),
      place(key));
  }

  function devices() {
    const list = Object.entries(net.document.devices);
    const where = (place) => net.document.seats[place.split("/")[0]]?.title;
    return el("section", {}, el("h2", {}, "Devices"), el("ul", { class: "plain" }, list.map(([id, told]) => el("li", { class: "device" },
      el("span", {}, [id, where(told.place), ROLES[told.role], ""].filter((each) => each !== undefined).join(" · "), el("span", { class: told.online ? "good" : "bad" }, told.online ? "connected" : "away")),
      ["seat", "reader"].includes(told.role) ? button(`role-${id}`, told.role === "seat" ? "Let it read only" : "Let it decide",
        () => send("role", { device: id, role: told.role === "seat" ? "reader" : "seat" })) : null,
      id === net.me.device ? null : button(`drop-${id}`, "Send away", () => send("drop", { device: id }))))));
  }

  function network() {
    const { bases, reached } = net.document;
    return el("section", {}, el("h2", {}, "Network check"),
      el("p", { class: reached ? "good" : "bad", role: "status" }, reached ? `✓ Reached from ${reached} address${reached > 1 ? "es" : ""}.` : "No other device has loaded the check page yet."),
      el("p", {}, "Open this on a phone: "), bases.map((base) => el("p", { class: "link" }, `${base}/check`)),
      el("details", { id: "culprits" }, el("summary", {}, "If it does not load"), el("ul", { class: "plain" }, [
        "First advice: switch on this computer's own hotspot, let the phones join it, and start the host again.",
        "Guest Wi-Fi often keeps its devices apart (client isolation): use another network or the hotspot.",
        "This computer's firewall may block Python: allow it on private networks.",
        "A phone that finds no internet in the Wi-Fi prefers mobile data: switch mobile data off.",
        "A VPN on either side leads elsewhere: switch it off.",
      ].map((each) => el("li", {}, each)))));
  }

  function tables() {
    const rows = Object.entries(net.document.tables);
    return rows.length < 2 ? null : el("section", { class: "tables" }, el("h2", {}, "Tables"), el("ul", { class: "plain" }, rows.map(([key, row]) => el("li", { class: "device" },
      el("span", {}, el("b", {}, `Table ${key}`), ` · round ${row.round} · ${row.devices} connected · ${row.waiting}`),
      key === net.document.table ? el("b", {}, "this page") : el("a", { class: "button", href: row.path }, `To table ${key}`)))));
  }

  /** News, adjustments and notes: acts on the game itself, each a node of its record. */
  function desk() {
    const { document: now, static: fixed } = net;
    if (now.head.over) return el("section", {}, el("h2", {}, "Notes"), notes());
    const option = ([key, title]) => el("option", { value: key }, title);
    const byTitle = (entries) => Object.entries(entries).sort((a, b) => a[1].localeCompare(b[1]));
    const rounds = Array.from({ length: fixed.rounds - now.head.round + 1 }, (_, n) => [String(now.head.round + n), n ? `in round ${now.head.round + n}` : "now"]);
    const read = (id) => document.getElementById(id).value;
    const clear = (...ids) => ids.forEach((id) => { document.getElementById(id).value = ""; });
    const post = (op, details, ...fields) => async (event) => {
      event.preventDefault();
      const { ok } = await send(op, details());
      if (ok) clear(...fields);
    };
    return el("section", {}, el("h2", {}, "News"),
      el("form", { class: "form", onsubmit: post("news", () => ({ event: read("news-event"), round: Number(read("news-when")), at: now.at })) },
        el("label", {}, "Card ", el("select", { id: "news-event" }, byTitle(fixed.desk.deck).map(option))),
        el("label", {}, "When ", el("select", { id: "news-when" }, rounds.map(option))), el("button", { id: "news-send", type: "submit" }, "Bring this card")),
      el("form", { class: "form", onsubmit: post("news", () => ({ title: read("own-title"), text: read("own-text"), at: now.at }), "own-title", "own-text") },
        el("label", {}, "Title of your own news ", el("input", { id: "own-title", type: "text", maxlength: 80 })),
        el("label", {}, "Text ", el("input", { id: "own-text", type: "text", maxlength: 600 })), el("button", { id: "own-send", type: "submit" }, "Bring your own news")),
      el("ul", { class: "plain" }, Object.entries(now.desk.coming).map(([key, each]) => el("li", { class: "device" }, `Round ${each.round}: ${each.title}`,
        button(`cancel-${key}`, "Call it off", () => send("cancel", { planned: Number(key) }))))),
      el("h2", {}, "Adjust a track"),
      el("form", { class: "form", onsubmit: post("adjust", () => ({ cell: read("adjust-cell"), to: Number(read("adjust-to")), reason: read("adjust-why"), at: now.at }), "adjust-to", "adjust-why") },
        el("label", {}, "Track ", el("select", { id: "adjust-cell" }, byTitle(fixed.desk.cells).map(option))),
        el("label", {}, "Set to ", el("input", { id: "adjust-to", type: "number", required: true })),
        el("label", {}, "Reason, read by all who see the track ", el("input", { id: "adjust-why", type: "text", maxlength: 200, required: true })),
        el("button", { id: "adjust-send", type: "submit" }, "Adjust it")),
      el("h2", {}, "Notes"), notes());
  }

  function notes() {
    const write = (kind) => async () => {
      const field = document.getElementById("note-text");
      const { ok } = await send("note", { kind, text: field.value });
      if (ok) document.getElementById("note-text").value = "";
    };
    return el("div", { class: "form" }, el("label", {}, "Note, for your eyes ", el("input", { id: "note-text", type: "text", maxlength: 600 })),
      el("div", { class: "buttons" }, button("note-send", "Note it", write("note")), button("note-mark", "Bookmark it for the debrief", write("bookmark"))),
      el("ul", { class: "plain" }, Object.values(net.document.desk.notes).reverse().map((each) => el("li", {}, el("small", {}, `Round ${each.round} · ${each.kind} · `), each.text))));
  }

  return () => {
    const { document: now, static: fixed } = net;
    const lobby = now.phase === "lobby";
    const stopped = now.waiting.startsWith("The facilitator has stopped");
    return el("div", { class: "hostpage" },
      el("header", {}, el("div", {}, el("h1", {}, fixed.title), el("small", {}, `Round ${now.head.round} of ${fixed.rounds} · ${now.head.date} · facilitator`)),
        el("div", { class: "right" }, clock(net), el("small", { class: net.words === "connected" ? "good" : "bad", role: "status" }, net.words))),
      el("div", { class: "control" }, el("p", { class: "notice", role: "status" }, hand.sending ? "Sending…" : hand.said || now.waiting),
        el("div", { class: "buttons" },
          now.head.over ? null : lobby || stopped ? button("resume", lobby ? "Begin the game" : "Let it go on", () => send("resume", {}), "main") : button("pause", "Stop the clock", () => send("pause", {})),
          now.head.over ? null : button("extend", "2 more minutes", () => send("extend", { minutes: 2 })),
          now.head.over || lobby ? null : button("end", now.phase === "plan" ? "End the planning" : "End this turn", () => send("end_turn", { at: now.at, phase: now.phase })),
          button("back", "Take back the last move or news", () => send("rewind", { at: now.at })),
          button("door", now.door.open ? "Close the door" : "Open the door", () => send("door", { open: !now.door.open })))),
      tables(),
      el("main", { class: "three" },
        el("div", {}, el("h2", {}, "Seats"), ordered(now.seats).map(seat)),
        el("div", {}, el("section", {}, el("h2", {}, "Board for the projector"), place("board")), network(), devices(),
          el("section", {}, el("h2", {}, "Talk"), button("talk", now.talk.open ? "Close the seats' messages" : "Open messages between seats", () => send("talk", { open: !now.talk.open })),
            messageForm(net, send), talkRead(net)), desk()),
        el("div", {}, strip(net), news(net), world(net), log(net, 30))));
  };
}
