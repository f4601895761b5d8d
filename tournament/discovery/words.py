"""What a discovery says: one sentence, the same on the page, in the terminal and in the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from game.prose.numbers import counted, joined
from tournament.discovery.draft import Draft

Data = dict[str, Any]
WINS = "games won of a hundred"
UNITS = {"win": WINS, "points": "points", "margin": "points of lead"}
TITLES = {
    "settled": "Settled within the class",
    "still moving": "Still moving",
    "search too weak": "Search too weak to say",
    "stopped": "Stopped before the certificate",
}
"""The statuses, for people."""


def scale(payoff: str) -> float:
    """Return by what a payoff is multiplied where people read it."""
    return 100.0 if payoff == "win" else 1.0


def amount(value: float, payoff: str, sign: str = "") -> str:
    """Return a payoff as people read it."""
    return format(value * scale(payoff), f"{sign}z.1f")  # z: never "-0.0"


def ends(each: Data, payoff: str, sign: str = "+") -> str:
    """Return the ends of a gain's 95% interval."""
    return " to ".join(amount(each["gain"] + side * each["half"], payoff, sign) for side in (-1, 1))


def span(each: Data, payoff: str) -> str:
    """Return a gain with the ends of its 95% interval."""
    return f"{amount(each['gain'], payoff, '+')} ({ends(each, payoff)})"


def size_words(payoff: str, epsilon: float) -> str:
    """Return epsilon with its unit."""
    return f"{epsilon * scale(payoff):g} {UNITS[payoff]}"


def size_of(draft: Draft, title: str) -> str:
    """Return how long a strategy is, in words."""
    kept, lines = len(draft.kept), len(draft.base.prefer)
    lent = f" and {counted(len(draft.added), 'line')} added" if draft.added else ""
    return f"{kept} of the {lines} lines of {title}{lent}; {draft.lines} changed, knobs and other moves among them."


def sentence(data: Data) -> str:
    """Return what may be said of the final mixture, never more."""
    payoff, epsilon = data["settings"]["payoff"], data["settings"]["epsilon"]
    count = _strategies(data)
    unit = size_words(payoff, epsilon)
    if data["status"] == "stopped":
        text = (
            f"Stopped after {counted(len(data['rounds']), 'round')}: nothing is certified, and the mixture holds among"
            f" these {count} strategies at best.{_lately(data)} The same command goes on."
        )
    elif data["status"] == "still moving":
        text = (
            f"Still moving: the mixture holds among these {count} strategies, and the last restarts of the search"
            f" found more than {unit} in {joined(_movers(data))}.{_lately(data)}"
        )
    elif data["status"] == "search too weak":
        weak = [seat for seat, each in data["power"].items() if not each["passed"]]
        text = (
            f"Nothing was found that gains more than {unit}, but the search is too weak to say so for {joined(weak)}:"
            f" {'; '.join(power_words(data['power'][seat], payoff) for seat in weak)}."
        )
    else:
        power = joined([f"{power_words(each, payoff)} for {seat}" for seat, each in data["power"].items()])
        text = (
            f"Survives within the class at {unit}: two rounds of restarts in a row found nothing more. So strong was"
            f" the search: {power}."
        )
    return text + outside(data)


def outside(data: Data) -> str:
    """Return what the players outside the class gain that gain most, one a seat."""
    payoff = data["settings"]["payoff"]
    best = {
        seat: max(found, key=lambda each: float(each["gain"])) for seat, found in data["attackers"].items() if found
    }
    said = [f"{each['player']} as {seat} {attack_words(each, payoff)}" for seat, each in best.items()]
    return f" From outside the class the most: {'; '.join(said)}." if said else ""


def attack_words(told: Data, payoff: str) -> str:
    """Return what a player outside the class gets against a mixture."""
    return f"gets {amount(told['value'], payoff)}, {span(told, payoff)} beside the mixture"


def spread_words(data: Data, seat: str) -> str:
    """Return how far the best replies lie apart that restarts found against the last mixture: another seed, another
    value.
    """
    payoff, last = data["settings"]["payoff"], data["certificate"][-1]["after"]
    gains = [gain for each in data["certificate"] if each["after"] == last for gain in each["seats"][seat]["gains"]]
    return (
        f"the best replies of {counted(len(gains), 'restart')} gain {amount(min(gains), payoff, '+')} to"
        f" {amount(max(gains), payoff, '+')}, a spread of {amount(max(gains) - min(gains), payoff)}"
    )


def power_words(power: Data, payoff: str) -> str:
    """Return what the power test of a seat showed."""
    if not power["planted"]:
        return "no weakness could be planted that a long search would find"
    worth = amount(power["worth"], payoff)
    known = " (what had been found hidden)" if power["hidden"] else ""
    return f"a planted weakness worth {worth} was found in {power['found']} seeds of {power['seeds']}{known}"


def _strategies(data: Data) -> int:
    first: dict[str, int] = data["first"]
    return sum(first.values()) + len(data["strategies"])


def _lately(data: Data) -> str:
    """Return what replies gained in the last round or, if that came later, in the last restarts."""
    if not data["rounds"]:
        return ""
    payoff, rounds, restarts = data["settings"]["payoff"], data["rounds"], data["certificate"]
    late = bool(restarts) and restarts[-1]["after"] >= rounds[-1]["round"]
    seats = (restarts if late else rounds)[-1]["seats"]
    gains = joined([f"{span(told, payoff)} as {seat}" for seat, told in seats.items()])
    return f" {'Their best reply' if late else 'The best reply of the last round'} gained {gains}, in {UNITS[payoff]}."


def _movers(data: Data) -> Sequence[str]:
    last = data["certificate"][-1]["seats"] if data["certificate"] else {}
    return [seat for seat, each in last.items() if each["found"]] or list(data["seats"])
