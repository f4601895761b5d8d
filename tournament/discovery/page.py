"""A discovery as one page: the sentence first, then who is in the mixture, what was found, and how sure it is."""

from __future__ import annotations

from typing import Any

from game.narrative.shapes import corners
from game.prose.numbers import counted, joined
from game.templates import render
from tournament.discovery.draft import draft_of
from tournament.discovery.styles import ways
from tournament.discovery.words import (
    TITLES,
    UNITS,
    amount,
    attack_words,
    ends,
    power_words,
    size_of,
    size_words,
    span,
    spread_words,
)  # fmt: skip
from tournament.report.titles import Titles

Data = dict[str, Any]
CLOSE = 1.5
"""Styles within so many ε of the best are told: three wins of a hundred, where epsilon is two."""


def page(data: Data, titles: Titles) -> str:
    """Return the page."""
    payoff = data["settings"]["payoff"]
    return render(
        "discovery/page.html",
        title=titles.scenario(data["scenario"]),
        facts=f"{counted(len(data['rounds']), 'round')}, {data['games']:,} games, {data['budget']:,} in each search.",
        mark=titles.mark,
        corners=corners,
        status_title=TITLES[data["status"]],
        sentence=data["sentence"],
        class_words=data["class"],
        unit=UNITS[payoff],
        epsilon=size_words(payoff, data["settings"]["epsilon"]),
        seats=[_seat(seat, data, titles) for seat in data["mixture"]],
        found_words=_found_words(data),
        strategies=[_strategy(name, each, data) for name, each in _shown(data)],
        rounds=[
            {"round": each["round"], "seat": titles.seat(seat), "oracle": told["oracle"],
             "joined": joined(told["joined"]),
             "gain": amount(told["gain"], payoff, "+"), "range": ends(told, payoff)}
            for each in data["rounds"]
            for seat, told in each["seats"].items()
        ],
        certificate=[
            {"round": number, "seat": titles.seat(seat), "gain": amount(told["gain"], payoff, "+"),
             "range": ends(told, payoff), "spread": amount(told["spread"], payoff),
             "found": "yes" if told["found"] else "no"}
            for number, each in enumerate(data["certificate"], 1)
            for seat, told in each["seats"].items()
        ],
        power=[
            *(f"{titles.seat(s)}: {spread_words(data, s)}." for s in (data["seats"] if data["certificate"] else [])),
            *(f"{titles.seat(seat)}: {power_words(told, payoff)}." for seat, told in data["power"].items()),
        ],
        attackers=[
            {"seat": titles.seat(seat), "player": told["player"], "value": amount(told["value"], payoff),
             "gain": amount(told["gain"], payoff, "+"), "range": ends(told, payoff), "worlds": told["worlds"]}
            for seat, found in data["attackers"].items()
            for told in found
        ],
        styles=[_styles(seat, told, data, titles) for seat, told in data["styles"].items()],
        command=data["command"],
        rules=data["rules"],
    )  # fmt: skip


def _seat(seat: str, data: Data, titles: Titles) -> Data:
    """Return a seat's card."""
    payoff = data["settings"]["payoff"]
    shares = data["mixture"][seat]
    value = data["value"].get(seat)
    sure = [f"{each['player']} {attack_words(each, payoff)}" for each in data["attackers"].get(seat, [])]
    if data["certificate"] and seat in data["certificate"][-1]["seats"]:
        sure.insert(0, f"The best of the last restarts: {span(data['certificate'][-1]['seats'][seat], payoff)}")
    if seat in data["power"]:
        sure.append(f"The search: {power_words(data['power'][seat], payoff)}")
    return {
        "seat": seat, "title": titles.seat(seat), "best": next(iter(shares), "nobody"),
        "value": None if value is None else f"{amount(value, payoff)} {UNITS[payoff]}",
        "shares": [(name, round(100 * share)) for name, share in shares.items()], "sure": sure,
    }  # fmt: skip


def _shown(data: Data) -> list[tuple[str, Data]]:
    """Return the strategies with a part in the mixture, those with the largest first."""
    shares = {name: share for found in data["mixture"].values() for name, share in found.items()}
    inside = [(name, each) for name, each in data["strategies"].items() if name in shares]
    return sorted(inside, key=lambda pair: -shares[pair[0]])


def _found_words(data: Data) -> str:
    count, inside = len(data["strategies"]), len(_shown(data))
    if not count:
        return "Nothing was found that gains."
    return (
        f"{counted(count, 'strategy', 'strategies')} joined, {inside} of which have a part in the mixture. Each line"
        " carries its worth: what the strategy gets with it less what it gets without."
    )


def _strategy(name: str, each: Data, data: Data) -> Data:
    payoff = data["settings"]["payoff"]
    draft = draft_of(each["draft"])
    below = (
        f"What each is worth was measured beside {each['beside']}."
        if each["worth"]
        else f"What each is worth was not measured; changed: {joined(draft.changes)}."
    )
    origin = (
        f"{name} is {size_of(draft, each['base'])} Found in round {each['round']} by {each['oracle']}, when it gained"
        f" {span(each, payoff)}. {below}"
    )
    lines = [
        {"change": line["change"], "worth": amount(line["worth"], payoff, "+"),
         "range": ends({"gain": line["worth"], "half": line["half"]}, payoff)}
        for line in each["worth"]
    ]  # fmt: skip
    return {"name": name, "does": each.get("does", ""), "origin": origin, "lines": lines}


def _styles(seat: str, told: Data, data: Data, titles: Titles) -> Data:
    """Return a seat's ways to play."""
    payoff, close = data["settings"]["payoff"], CLOSE * data["settings"]["epsilon"]
    count = ways(told, close)
    words = (
        f"{counted(count, 'way', 'ways')} to play {titles.seat(seat)} within {size_words(payoff, close)} of the best,"
        f" of {counted(told['cells'], 'style')} that differ in what part of the moves is {joined(told['axes'])}; each"
        " is the best found of its style, judged again against the mixture."
    )
    rows = [
        {"first": f"{style['first']:.0%}", "second": f"{style['second']:.0%}", "base": style["base"],
         "changes": style["changes"], "value": amount(style["value"], payoff),
         "range": ends({"gain": style["value"], "half": style["half"]}, payoff, "")}
        for style in told["styles"]
    ]  # fmt: skip
    return {
        "title": titles.seat(seat),
        "words": words,
        "first": told["axes"][0],
        "second": told["axes"][1],
        "rows": rows,
    }
