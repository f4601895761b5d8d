// The page for a projector: what everybody may see, and nothing to press.

import { el, qr } from "./dom.js";
import { talkRead } from "./talk.js";
import { clock, log, news, shares, strip, world } from "./parts.js";

export function boardPage(net) {
  return () => {
    const { document, static: fixed } = net;
    const begun = document.head.round > 1 || document.head.over || Object.values(document.log).some((line) => line.kind === "move");
    const lobby = begun ? null : el("section", { class: "lobby paper" }, qr(document.join.qr, "QR code of the address"),
      el("div", {}, el("h2", {}, "Come in"), el("p", {}, document.join.url), el("p", {}, "and type the code of your seat")));
    return el("div", { class: "boardpage" },
      el("header", {}, el("h1", {}, fixed.title),
        el("p", {}, `Round ${document.head.round} of ${fixed.rounds} · ${document.head.date}`), clock(net),
        el("p", { class: net.words === "connected" ? "good" : "bad", role: "status" }, net.words)),
      el("main", {}, strip(net), el("p", { class: "waiting", role: "status" }, document.head.ending ? `${document.head.ending}. ` : "", document.waiting),
      el("div", { class: "three" }, el("div", {}, news(net), world(net)), el("div", {}, lobby, shares(net)), el("div", {}, talkRead(net).slice(1), log(net, 12)))));
  };
}
