"""A discovery as one page: the sentence first, then who is in the mixture, what was found, and how sure it is."""

from __future__ import annotations

import math
from typing import Any

from game.narrative.shapes import corners
from game.prose.lexicon import titled
from game.prose.numbers import counted, joined
from game.templates import render
from tournament.discovery.draft import Base, draft_of
from tournament.discovery.styles import ways
from tournament.discovery.words import (
    TITLES,
    UNITS,
    amount,
    attack_words,
    capital,
    ends,
    line_words,
    missed_words,
    player_words,
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
ORACLES = {
    "sweep": "sweep races every single edit of a strategy in the same worlds",
    "evolution": "evolution changes the structure at random and keeps the better half",
    "covariance": "covariance moves all weights and knobs at once (CMA-ES)",
    "likeliest": "likeliest looks for what beats the single likeliest opponent",
    "bases": "bases sweeps from every doctrine by itself, also from those that are far behind",
    "imitation": "imitation copies what a search player does",
    "pupil": "pupil copies a policy that learned first",
}
"""What each oracle does, in words."""


def page(data: Data, titles: Titles) -> str:
    """Return the page."""
    payoff = data["settings"]["payoff"]
    return render(
        "discovery/page.html",
        title=titles.scenario(data["scenario"]),
        mark=titles.mark,
        corners=corners,
        status_title=TITLES[data["status"]],
        sentence=data["sentence"],
        brief=brief(data, titles),
        class_words=data["class"],
        unit=UNITS[payoff],
        oracles="; ".join(ORACLES[name] for name in data["settings"]["oracles"]),
        epsilon=size_words(payoff, data["settings"]["epsilon"]),
        seats=[_seat(seat, data, titles) for seat in data["mixture"]],
        found_words=_found_words(data),
        strategies=[_strategy(name, each, data, titles) for name, each in _shown(data)],
        rounds=[
            {"round": each["round"], "seat": titles.seat(seat), "oracle": told["oracle"],
             "joined": joined([strategy_words(seat, name, titles) for name in told["joined"]]),
             "gain": amount(told["gain"], payoff, plus=True), "range": ends(told, payoff)}
            for each in data["rounds"]
            for seat, told in each["seats"].items()
        ],
        certificate=[
            {"round": number, "after": each["after"], "seat": titles.seat(seat),
             "gain": amount(told["gain"], payoff, plus=True), "range": ends(told, payoff),
             "spread": amount(told["spread"], payoff), "found": "yes" if told["found"] else "no"}
            for number, each in enumerate(data["certificate"], 1)
            for seat, told in each["seats"].items()
        ],
        power=[
            *(f"{titles.seat(s)}: {spread_words(data, s)}." for s in (data["seats"] if data["certificate"] else [])),
            *(f"{titles.seat(seat)}: {power_words(told, payoff)}. {missed_words(told, data)}".strip()
              for seat, told in data["power"].items()),
        ],
        attackers=[
            {"seat": titles.seat(seat), "player": player_words(told["player"]), "value": amount(told["value"], payoff),
             "gain": amount(told["gain"], payoff, plus=True), "range": ends(told, payoff),
             "worlds": f"{told['worlds']:,}"}
            for seat, found in data["attackers"].items()
            for told in found
        ],
        styles=[_styles(seat, told, data, titles) for seat, told in data["styles"].items()],
        command=data["command"],
        rules=data["rules"],
    )  # fmt: skip


def brief(data: Data, titles: Titles) -> dict[str, str]:
    """Return what a reader asks first, and the answers, plainer than the sentence."""
    book, epsilon = titles.book, size_words(data["settings"]["payoff"], data["settings"]["epsilon"])
    dominant = {
        "settled": (
            f"Within the class, as far as this search can tell: nothing was found that gains more than {epsilon}"
            " against the mixture below."
        ),
        "still moving": f"Not yet: replies that gain more than {epsilon} were still found against the mixture below.",
        "search too weak": (
            f"Perhaps: nothing was found that gains more than {epsilon} against the mixture below. That is no proof,"
            " since this search could have missed it."
        ),
        "stopped": "Nobody can say yet: the search was stopped before its result was tested.",
    }
    attackers = [player_words(name) for name in data["settings"]["attackers"]]
    first = joined([f"{count} as {titles.seat(seat)}" for seat, count in data["first"].items()])
    return {
        "Does anything dominate?": dominant[data["status"]],
        "How sure is that?": _sure(data, titles),
        "Who played?": (
            f"Doctrines: {first} to begin with, and {len(data['strategies'])} that the search found."
            + (f" From outside the class {joined(attackers)} attacked." if attackers else "")
        ),
        "Under which rules?": (
            f"{book.title}, version {book.version} ({data['rules'][:8]}), scenario {titles.scenario(data['scenario'])}:"
            f" {data['games']:,} games in {counted(len(data['rounds']), 'round')}, {data['budget']:,} in each search."
        ),
    }


def _sure(data: Data, titles: Titles) -> str:
    """Return what the power test said, for somebody who never heard of one."""
    if not data["power"]:
        return "Not at all: whether the search would have found something better was not tested."
    payoff = data["settings"]["payoff"]
    tests = {titles.seat(seat): each for seat, each in data["power"].items()}
    said = [
        f"{seat} passed ({each['found']} of {each['seeds']})" if each["passed"]
        else f"{seat} did not ({each['found']} of {each['seeds']})" if each["planted"]
        else f"for {seat} nothing could be hidden"
        for seat, each in tests.items()
    ]  # fmt: skip
    text = (
        "A search that finds nothing says something only if it would have found what is there. So known gains were"
        f" hidden from it: it passes if nine searches of ten find four fifths of one. {capital('; '.join(said))}."
    )
    for seat, each in tests.items():
        larger = [big for big in each.get("larger", []) if big["passed"]]
        if not each["passed"] and larger:
            big = larger[0]
            text += (
                f" As {seat}, {big['found']} of {big['seeds']} found one of {amount(big['worth'], payoff)}: so large a"
                " gain would hardly be missed, a smaller one may be."
            )
    if not all(each["passed"] for each in tests.values()):
        text += " More games in each search make it stronger."
    return text


def _seat(seat: str, data: Data, titles: Titles) -> Data:
    """Return a seat's card."""
    payoff = data["settings"]["payoff"]
    shares = data["mixture"][seat]
    value, best = data["value"].get(seat), next(iter(shares), "")
    sure = [
        f"Attacked by {player_words(each['player'])}: it {attack_words(each, payoff)}."
        for each in data["attackers"].get(seat, [])
    ]
    if data["certificate"] and seat in data["certificate"][-1]["seats"]:
        told = data["certificate"][-1]["seats"][seat]
        tries = counted(len(told["gains"]), "restart")
        since = ", and joined" if told["found"] else ""
        sure.insert(0, f"The best of the last {tries} of the search gained {span(told, payoff)}{since}.")
    if seat in data["power"]:
        told = data["power"][seat]
        sure.append(f"{capital(power_words(told, payoff))}. {missed_words(told, data)}".strip())
    return {
        "seat": seat, "title": titles.seat(seat), "best": strategy_words(seat, best, titles) if best else "Nobody",
        "about": data["strategies"].get(best, {}).get("does") or titles.summary(seat, best),
        "value": "" if value is None else f"{_worth(value, payoff)} in the mixture.",
        "shares": [
            (strategy_words(seat, name, titles), _share_words(share), round(100 * share))
            for name, share in shares.items()
        ],
        "sure": sure,
    }  # fmt: skip


def strategy_words(seat: str, name: str, titles: Titles) -> str:
    """Return a strategy's name for people: what was found is called by its seat and a number."""
    number = name.removeprefix(f"{seat}_")
    return f"{titles.seat(seat)} {number}" if number.isdecimal() else titles.player(seat, name)


def _share_words(share: float) -> str:
    """Return how often a strategy is drawn; what is hardly ever drawn is not never, nor the other always."""
    return "under 1%" if share < 0.01 else "over 99%" if 0.99 < share < 1 else f"{share:.0%}"


def _worth(value: float, payoff: str) -> str:
    told = amount(value, payoff)
    return f"Wins {told} games of a hundred" if payoff == "win" else f"Gets {told} {UNITS[payoff]}"


def _shown(data: Data) -> list[tuple[str, Data]]:
    """Return the strategies with a part in the mixture, seat by seat, those with the largest first."""
    names = [name for shares in data["mixture"].values() for name in shares]
    return [(name, data["strategies"][name]) for name in names if name in data["strategies"]]


def _found_words(data: Data) -> str:
    count, inside = len(data["strategies"]), len(_shown(data))
    if not count:
        return "Nothing was found that gains."
    return (
        f"{counted(count, 'strategy', 'strategies')} joined, {inside} of which have a part in the mixture. Each line"
        " carries its worth: what the strategy gets with it less what it gets without. × 3: the line weighs three times"
        " what it weighs in the doctrine that the strategy comes from; no number: as it is there."
    )


def _strategy(name: str, each: Data, data: Data, titles: Titles) -> Data:
    payoff = data["settings"]["payoff"]
    draft = draft_of(each["draft"])
    changed = [line_words(change, titles) for change in draft.changes]
    below = (
        f"What each line is worth was measured beside {each['beside']}."
        if each["worth"]
        else f"What each line is worth was not measured; changed: {joined(changed)}."
    )
    title = strategy_words(each["seat"], name, titles)
    origin = (
        f"{title} is {size_of(draft, _title(draft.base))} Found in round {each['round']} by {each['oracle']}, when it"
        f" gained {span(each, payoff)}. {below}"
    )
    lines = [
        {"change": line_words(line["change"], titles), "worth": amount(line["worth"], payoff, plus=True),
         "range": ends({"gain": line["worth"], "half": line["half"]}, payoff)}
        for line in each["worth"]
    ]  # fmt: skip
    return {
        "title": title,
        "file": f"found/{name}.yaml",
        "does": each.get("does", ""),
        "origin": origin,
        "lines": lines,
    }


def _title(base: Base) -> str:
    return titled(base.name, base.data.get("title"))


def _styles(seat: str, told: Data, data: Data, titles: Titles) -> Data:
    """Return a seat's ways to play."""
    payoff, close = data["settings"]["payoff"], CLOSE * data["settings"]["epsilon"]
    count, shown = ways(told, close), told["styles"]
    words = (
        f"Within {size_words(payoff, close)} of the best: {counted(count, 'way')} to play as {titles.seat(seat)}. Ways"
        f" differ in what part of the moves is {joined(told['axes'])}. {counted(told['cells'], 'style')} were filled,"
        f" each with the best strategy found of its kind; the best {len(shown)} were judged again against the mixture."
    )
    drafts = (draft_of(each["draft"]) for each in data["strategies"].values() if each["seat"] == seat)
    bases = {draft.base.name: _title(draft.base) for draft in drafts}
    rows = [
        {"first": f"{style['first']:.0%}", "second": f"{style['second']:.0%}",
         "base": bases.get(style["base"], titled(style["base"])),
         "changes": "; ".join(line_words(change, titles) for change in style["changes"].split("; ")),
         "value": amount(style["value"], payoff),
         "range": ends({"gain": style["value"], "half": style["half"]}, payoff, plus=False)}
        for style in shown
    ]  # fmt: skip
    weaker = [style["behind"] for style in shown[count:] if math.isfinite(style["behind"])]
    return {
        "title": titles.seat(seat),
        "words": words,
        "first": told["axes"][0],
        "second": told["axes"][1],
        "rows": rows[:count],
        "weaker": rows[count:],
        "weaker_words": f"{counted(len(rows) - count, 'weaker way')}"
        + (f", {amount(min(weaker), payoff)} to {amount(max(weaker), payoff)} behind the best" if weaker else ""),
    }
