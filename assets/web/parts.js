// What several pages show: seats in the order of turns, the state of the world, what happened.

import { clockWords, el, number, shape, sign } from "./dom.js";

/** Return the seats in this round's order of turns. */
export function ordered(seats) {
  return Object.entries(seats).sort(([, a], [, b]) => a.order - b.order);
}

/** Return a seat's name with its shape. */
export function name(seat) {
  return el("span", { class: "name", style: { "--seat": seat.colour, "--seat-print": seat.paper } }, shape(seat), " ", seat.title);
}

export function strip({ document }) {
  const planning = document.phase === "plan", moves = (seat) => seat.turn && !planning && document.phase !== "lobby";
  const words = (key, seat) => [
    seat.team, !seat.human ? "bot" : document.here[key] ? null : "nobody connected",
    planning && seat.human ? (seat.sealed ? "sealed" : "planning") : null, moves(seat) ? "has the turn" : null,
    document.head.over ? `${number(document.head.scores[key])} points` : null,
  ].filter(Boolean).join(" · ");
  return el("ol", { class: "strip" }, ordered(document.seats).map(([key, seat]) =>
    el("li", { class: moves(seat) ? "turn" : "" }, name(seat), el("small", {}, words(key, seat)))));
}

export function news({ document }) {
  const [title, text] = document.head.news;
  return title ? el("article", { class: "paper news" }, el("h2", {}, title), el("p", {}, text)) : null;
}

/** Return the host's clock in words; it runs by itself between two messages. */
export function clock(net) {
  const { until, left } = net.document.clock;
  if (until === undefined && left === undefined) return null;
  const time = el("span", {});
  const shown = el("span", { class: "clock" }, sign("clock"), " ", time);
  const tell = () => {
    time.textContent = left !== undefined ? `${clockWords(left)} (stopped)` : clockWords(until - net.now);
    if (left === undefined) setTimeout(() => { if (shown.isConnected) tell(); }, 500);
  };
  tell();
  queueMicrotask(tell);
  return shown;
}

function bar(track, value) {
  const span = track.high - track.low || 1;
  return el("span", { class: "bar", "aria-hidden": "true" }, el("span", { style: { width: `${(100 * (value - track.low)) / span}%` } }));
}

export function world({ document, static: fixed }) {
  const lines = fixed.world.filter((track) => document.values[track]).map((track) => el("li", {},
    el("span", {}, fixed.tracks[track].title), el("b", {}, number(document.values[track])), bar(fixed.tracks[track], document.values[track])));
  return el("section", {}, el("h2", {}, "The world"), el("ul", { class: "dials" }, lines));
}

export function shares({ document, static: fixed }) {
  if (!fixed.shares) return null;
  const sides = Object.keys(fixed.side_marks);
  const places = Object.entries(fixed.sets[fixed.places]);
  const row = ([place, title]) => {
    const parts = sides.map((side) => [side, document.values[`${fixed.shares}|${side}|${place}`] ?? 0]);
    return el("li", {}, el("span", {}, title),
      el("b", {}, parts.map(([side, value]) => [el("span", { class: "part" }, shape(fixed.side_marks[side]), ` ${value} `)])),
      el("span", { class: "bar", "aria-hidden": "true" }, parts.map(([side, value], n) => el("span", {
        class: n ? "hatched" : "", style: { width: `${value}%`, "--seat": fixed.side_marks[side].colour, "margin-left": n ? "auto" : "0" },
      }))));
  };
  return el("section", {}, el("h2", {}, fixed.tracks[fixed.shares].title), el("ul", { class: "dials shares" }, places.map(row)));
}

export function standing({ document, static: fixed }) {
  const seats = ordered(document.seats);
  const line = (track) => {
    const cells = seats.map(([key, seat]) => [seat, document.values[`${track}|${key}`]]).filter(([, value]) => value !== undefined);
    if (!cells.some(([, value]) => value)) return null;
    return el("li", {}, el("span", {}, fixed.tracks[track].title), el("span", { class: "cells" }, cells.map(([seat, value]) =>
      el("span", { class: "cell" }, shape(seat), el("span", { class: "unseen" }, `${seat.title} `), ` ${number(value)}`))));
  };
  return el("section", {}, el("h2", {}, "Where the seats stand"), el("ul", { class: "standing" }, fixed.of_seat.map(line)));
}

export function log({ document }, most = 60) {
  const lines = Object.entries(document.log).sort(([a], [b]) => b - a).slice(0, most);
  const heading = { event: "News", step: "World", ending: "End", inject: "News", adjust: "Adjusted" };
  return el("section", {}, el("h2", {}, "What happened"), el("ol", { class: "log" }, lines.map(([, line]) => el("li", {},
    el("small", {}, line.round ? `Round ${line.round} · ` : "Before round 1", line.seat ? null : heading[line.kind] || ""),
    line.seat ? name(document.seats[line.seat]) : null, el("div", {}, line.title),
    line.text ? el("p", {}, line.text) : null,
    line.shifts ? el("ul", {}, line.shifts.map((shift) => el("li", {}, shift))) : null))));
}

export function coming({ document }) {
  return document.arriving.length
    ? el("section", {}, el("h2", {}, "On its way"), el("ul", { class: "plain" }, document.arriving.map((each) => el("li", {}, each)))) : null;
}
