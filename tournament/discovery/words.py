"""What a discovery says: one sentence, the same on the page, in the terminal and in the data."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from game.prose.lexicon import spaced
from game.prose.numbers import MINUS, counted, joined, number
from tournament.analysis.uncertainty import wilson
from tournament.discovery.certificate import LEARNED
from tournament.discovery.draft import Draft
from tournament.report.titles import Titles

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


def amount(value: float, payoff: str, *, plus: bool = False) -> str:
    """Return a payoff as people read it."""
    return number(value * scale(payoff), 1, plus=plus)


def ends(each: Data, payoff: str, *, plus: bool = True) -> str:
    """Return the ends of a gain's 95% interval."""
    return " to ".join(amount(each["gain"] + side * each["half"], payoff, plus=plus) for side in (-1, 1))


def span(each: Data, payoff: str) -> str:
    """Return a gain with the ends of its 95% interval."""
    return f"{amount(each['gain'], payoff, plus=True)} ({ends(each, payoff)})"


def size_words(payoff: str, epsilon: float) -> str:
    """Return epsilon with its unit."""
    return f"{epsilon * scale(payoff):g} {UNITS[payoff]}"


def size_of(draft: Draft, title: str) -> str:
    """Return how long a strategy is, in words."""
    kept, lines = len(draft.kept), len(draft.base.prefer)
    lent = f" and {counted(len(draft.added), 'line')} added" if draft.added else ""
    return f"{kept} of the {lines} lines of {title}{lent}; {draft.lines} changed, knobs and other moves among them."


def sentence(data: Data, seat: Callable[[str], str]) -> str:
    """Return what may be said of the final mixture, never more; ``seat`` gives a seat's title."""
    payoff, count = data["settings"]["payoff"], _strategies(data)
    unit = size_words(payoff, data["settings"]["epsilon"])
    if data["status"] == "stopped":
        text = (
            f"Stopped after {counted(len(data['rounds']), 'round')}: nothing is certified, and the mixture holds among"
            f" these {count} strategies at best.{_lately(data, list(data['seats']), seat)} The same command goes on."
        )
    elif data["status"] == "still moving":
        movers = _movers(data)
        text = (
            f"The mixture holds among these {count} strategies, but the search still found more than {unit} for"
            f" {joined([seat(name) for name in movers])} in the end.{_lately(data, movers, seat)}"
        )
    elif data["status"] == "search too weak":
        weak = [
            f"for {seat(name)} {power_words(each, payoff)}"
            for name, each in data["power"].items()
            if not each["passed"]
        ]
        text = (
            f"Nothing was found that gains more than {unit}, but the search is too weak to say that nothing does:"
            f" {'; '.join(weak)}."
        )
    else:
        power = joined([f"for {seat(name)} {power_words(each, payoff)}" for name, each in data["power"].items()])
        text = (
            f"Survives within the class at {unit}: two rounds of restarts in a row found nothing more. So strong was"
            f" the search: {power}."
        )
    return text + outside(data, seat)


def outside(data: Data, seat: Callable[[str], str]) -> str:
    """Return which players outside the class are sure to gain most, one a seat; or that none is."""
    payoff = data["settings"]["payoff"]
    tried = {name: told for name, told in data["attackers"].items() if told}
    best = {name: max(told, key=lambda each: float(each["gain"] - each["half"])) for name, told in tried.items()}
    said = [
        f"{player_words(each['player'])} as {seat(name)} {attack_words(each, payoff)}"
        for name, each in best.items()
        if each["gain"] > each["half"]
    ]
    if said:
        return f" From outside the class it is beaten: {'; '.join(said)}."
    names = joined(list(dict.fromkeys(player_words(each["player"]) for told in tried.values() for each in told)), "or")
    return f" From outside the class, nothing that {names} gains is sure." if tried else ""


def player_words(name: str) -> str:
    """Return a player from outside the class as people call it."""
    return "a learned policy" if name == LEARNED else name


def attack_words(told: Data, payoff: str) -> str:
    """Return what a player outside the class gets against a mixture, and whether that is more than the mixture gets."""
    gets = f"wins {amount(told['value'], payoff)} of a hundred" if payoff == "win" else (
        f"gets {amount(told['value'], payoff)} {UNITS[payoff]}"
    )  # fmt: skip
    if abs(told["gain"]) > told["half"]:
        return f"{gets}, {span(told, payoff)} beside the mixture"
    return f"{gets}, which {counted(told['worlds'], 'world')} cannot tell from the mixture ({ends(told, payoff)})"


def spread_words(data: Data, seat: str) -> str:
    """Return how far the best replies lie apart that restarts found against the last mixture: another seed, another
    value.
    """
    payoff, last = data["settings"]["payoff"], data["certificate"][-1]["after"]
    gains = [gain for each in data["certificate"] if each["after"] == last for gain in each["seats"][seat]["gains"]]
    return (
        f"the best replies of {counted(len(gains), 'restart')} gain {amount(min(gains), payoff, plus=True)} to"
        f" {amount(max(gains), payoff, plus=True)}, a spread of {amount(max(gains) - min(gains), payoff)}"
    )


def power_words(power: Data, payoff: str) -> str:
    """Return what the power test of a seat showed."""
    if not power["planted"]:
        return "no weakness could be planted that a long search would find"
    worth = amount(power["worth"], payoff)
    what = (
        f"what its latest strategies are worth ({worth}), which were hidden from them"
        if power["hidden"]
        else f"a weakness planted on purpose ({worth})"
    )
    text = f"{power['found']} of {counted(power['seeds'], 'search', 'searches')} found four fifths of {what}"
    for each in power.get("larger", []):
        text += f", {each['found']} of one worth {amount(each['worth'], payoff)}"
    return text


def missed(found: int, searches: int, restarts: int) -> tuple[float, float, float]:
    """Return the chance that none of some restarts finds a weakness that ``found`` of ``searches`` found, and the ends
    of its 95% interval: those of the share (Wilson 1927) taken through, since each restart is such a search.
    """
    share = found / searches
    low, high = wilson(share, searches)
    chance, least, most = ((1 - float(each)) ** restarts for each in (share, high, low))
    return chance, least, most


def missed_words(power: Data, data: Data) -> str:
    """Return what a seat's power means for the certificate, which is two quiet rounds of restarts; nothing if no
    weakness could be planted.
    """
    if not power["planted"]:
        return ""
    restarts = 2 * data["settings"]["restarts"]
    chance, least, most = (f"{100 * each:.0f}" for each in missed(power["found"], power["seeds"], restarts))
    worth = amount(power["worth"], data["settings"]["payoff"])
    return (
        f"The certificate’s {restarts} restarts together would miss one like this, worth {worth}, in {chance} of 100"
        f" certificates ({least} to {most})."
    )


def line_words(change: str, titles: Titles) -> str:
    """Return a change of a draft (``Draft.changes``) with the rulebook's titles for names."""
    moves = titles.book.moves
    several = sum(name in moves for name in re.findall(r"\w+", change)) > 1

    def words(found: re.Match[str]) -> str:
        name = found[0]
        if name not in moves:
            return spaced(name)
        return f"“{titles.move(name)}”" if several else titles.move(name)

    if change.startswith("family "):
        text = re.sub(r"^family (\w+)", lambda found: f"family {titles.lever(found[1])}", change)
    else:
        text = re.sub(r"\w+", words, change)
    text = re.sub(r" times (?=[\d.]+$)", "\u00a0×\u00a0", text)
    return capital(re.sub(r"(?<= )-(?=\d)", MINUS, text))


def capital(text: str) -> str:
    """Return a text that begins with a capital."""
    return text[:1].upper() + text[1:]


def _strategies(data: Data) -> int:
    first: dict[str, int] = data["first"]
    return sum(first.values()) + len(data["strategies"])


def _lately(data: Data, names: Sequence[str], seat: Callable[[str], str]) -> str:
    """Return what replies gained in the last round or, if that came later, in the last restarts."""
    if not data["rounds"]:
        return ""
    payoff, rounds, restarts = data["settings"]["payoff"], data["rounds"], data["certificate"]
    late = bool(restarts) and restarts[-1]["after"] >= rounds[-1]["round"]
    seats = (restarts if late else rounds)[-1]["seats"]
    gains = joined([f"{span(seats[name], payoff)} as {seat(name)}" for name in names if name in seats])
    if not gains:
        return ""
    return f" {'The best reply' if late else 'The best reply of the last round'} gained {gains}, in {UNITS[payoff]}."


def _movers(data: Data) -> Sequence[str]:
    last = data["certificate"][-1]["seats"] if data["certificate"] else {}
    return [seat for seat, each in last.items() if each["found"]] or list(data["seats"])
