"""The first screen of a report in plain words: who is best in each seat, how surely, and what would overturn it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from game.prose.lexicon import spaced
from game.prose.numbers import counted
from tournament.analysis.answers import Answer
from tournament.analysis.means import Standing
from tournament.analysis.robustness import Overturn
from tournament.design.arms import BASE
from tournament.design.profiles import FEW_WORLDS
from tournament.report.findings import Findings
from tournament.report.numbers import listed, number, of_hundred, share, span

CAUTION = "This is evidence about the model, not about the world: it holds for these strategies under these rules."

Level = Literal["clear", "likely", "slight", "open", "alone", "unknown"]

BADGES: dict[Level, str] = {
    "clear": "Clearly ahead",
    "likely": "Probably ahead",
    "slight": "Slightly ahead",
    "open": "Too close to call",
    "alone": "Nothing to compare",
    "unknown": "Cannot be told",
}
"""How sure a verdict is, in a word or three."""

DOTS: dict[Level, int] = {"clear": 4, "likely": 3, "slight": 2, "open": 1, "alone": 0, "unknown": 0}

CLEAR, LIKELY, SLIGHT = 0.95, 0.8, 0.5
"""From which chance of being first in a repeated tournament on each word is used."""

THREATS = 4
"""At most so many things that would overturn a verdict are told."""


@dataclass(frozen=True)
class SeatSummary:
    """What is told of a seat.

    Attributes:
        seat: its name, and ``title``: its title.
        best: the best player's title, and ``about``: what it does.
        level: how sure that is.
        said: sentences.
        threats: what would overturn it.
    """

    seat: str
    title: str
    best: str
    about: str
    level: Level
    said: tuple[str, ...]
    threats: tuple[str, ...]

    @property
    def badge(self) -> str:
        """How sure it is, in a word or three."""
        return BADGES[self.level]


def summaries(found: Findings) -> list[SeatSummary]:
    """Return what is told of each seat."""
    return [_summary(found, seat) for seat in found.seats]


def _summary(found: Findings, seat: str) -> SeatSummary:
    standings = found.standing(seat)
    best = standings[0]
    level = sureness(found, seat)
    titles = found.titles
    said = [_mean(found, best)]
    if level == "alone":
        said.append("It is the only strategy that played this seat, so there is nothing to compare it with.")
    elif level == "unknown":
        few = "All games were played in one world" if worlds(found) < 2 else "It met too few line-ups of opponents"
        said.append(f"{few}, so nobody can say what luck did. Play more.")
    else:
        if worlds(found) < FEW_WORLDS:
            said.append(f"{counted(worlds(found), 'world')} cannot tell how often it would come first again.")
        else:
            said.append(_again(found, best))
        said += [sentence for sentence in (_rivals(found, seat, level), _wins(found, seat)) if sentence]
    threats = () if level in ("alone", "unknown") else tuple(_threats(found, seat))
    return SeatSummary(
        seat,
        titles.seat(seat),
        titles.player(seat, best.player),
        titles.summary(seat, best.player),
        level,
        tuple(said),
        threats,
    )


def _again(found: Findings, best: Standing) -> str:
    """Return how often the best would come first again."""
    if best.best_low < 0.05 and best.best_high > 0.95:
        return f"How often it would come first again, with {luck(found)}, cannot be said yet."
    return f"Repeated with {luck(found)}, it would come first {of_hundred(best.best_low, best.best_high)} times."


def answers(found: Findings) -> list[str]:
    """Return the answers to the plan's question, a sentence each."""
    return [_answer(found, answer) for answer in found.answers]


def _answer(found: Findings, answer: Answer) -> str:
    """Return what a contrast comes to."""
    titles, number_ = found.titles, answer.number
    seat = titles.seat(answer.seat)

    def named(name: str) -> str:
        if answer.of_players:
            return titles.player(answer.seat, name)
        return "the plan's own rules" if name == BASE else f"“{spaced(name)}”"

    weighed = [(named(name), weight) for name, weight in answer.contrast.items() if weight]
    if answer.says:
        what = answer.says
    elif sorted(weight for _, weight in weighed) == [-1.0, 1.0]:
        up, down = (next(name for name, weight in weighed if weight == sign) for sign in (1.0, -1.0))
        what = f"{up} less {down}" if answer.of_players else f"under {up} less under {down}"
    else:
        what = listed([f"{weight:g} × {name}".replace("-", "−") for name, weight in weighed])
    if not number_.n:
        return f"{seat}, {what}: not known, for there are no games that can be compared."
    value = number(found.payoff, number_.value, signed=True)
    sure = "more, for sure" if number_.low > 0 else "less, for sure" if number_.high < 0 else "may be chance"
    if worlds(found) < FEW_WORLDS:
        sure = f"{counted(worlds(found), 'world')} cannot tell how sure that is"
    return f"{seat}, {what}: {value} {found.payoff_words} ({span(found.payoff, number_, signed=True)}); {sure}."


def sureness(found: Findings, seat: str) -> Level:
    """Return how sure it is that the seat's best player is the best: how often it would be first in a repeated
    tournament, and for "clear" also that its paired lead over every other has its whole 95% range above zero.
    """
    standings = found.standing(seat)
    best = standings[0]
    if len(standings) < 2:
        return "alone"
    if not math.isfinite(best.payoff.low):
        return "unknown"
    leads = found.leads[seat]
    ahead = len(leads) == len(standings) - 1 and all(lead.difference.low > 0 for lead in leads)
    few = worlds(found) < FEW_WORLDS  # so few cannot show how worlds differ: nobody is more than slightly ahead
    if best.best >= CLEAR and ahead and not few:
        return "clear"
    if best.best >= LIKELY and not few:
        return "likely"
    return "slight" if best.best >= SLIGHT else "open"


def worlds(found: Findings) -> int:
    """Return in how many worlds the games under the plan's own rules were played."""
    return len(set(found.analysis.table.block.tolist()))


def _mean(found: Findings, best: Standing) -> str:
    mean = number(found.payoff, best.payoff.value)
    unit = "of the wins" if found.payoff == "win" else found.payoff_words
    if not math.isfinite(best.payoff.low):
        return f"On average {mean} {unit}."
    return f"On average {mean} {unit}; most likely between {span(found.payoff, best.payoff).replace(' to ', ' and ')}."


def _rivals(found: Findings, seat: str, level: Level) -> str:
    """Return who else may be best, or how far behind the next is."""
    standings = found.standing(seat)
    if level == "clear":
        second = standings[1]
        lead = next(entry for entry in found.leads[seat] if entry.other == second.player).difference
        title = found.titles.player(seat, second.player)
        gap = number(found.payoff, lead.value)
        return f"{title} comes next, {gap} behind ({span(found.payoff, lead)}) in the same games."
    close = [found.titles.player(seat, s.player) for s in standings[1:] if s.place_best == 1]
    if not close:
        return ""
    shown = listed(close) if len(close) <= 3 else listed([*close[:3], f"{len(close) - 3} more"])
    text = f"{shown} could also be the best."
    more = _needed(found, seat)
    return f"{text} {more}" if more else text


def _needed(found: Findings, seat: str) -> str:
    """Return how many times the games would probably settle who is ahead of the two at the top."""
    second = found.standing(seat)[1].player
    lead = next((entry.difference for entry in found.leads[seat] if entry.other == second), None)
    if lead is None or not math.isfinite(lead.low) or lead.value <= 0:
        return ""
    half = (lead.high - lead.low) / 2
    times = math.ceil((half / lead.value) ** 2)
    if times <= 1:
        return ""
    return (
        f"About {times:,} times as many worlds would tell."
        if times <= 1_000
        else "The two at the top may be as good as equal."
    )


def _wins(found: Findings, seat: str) -> str:
    """Return whether the share of wins says the same."""
    if found.payoff == "win":
        return ""
    wins = found.standing(seat, "win")
    if not wins:
        return ""
    best = found.standing(seat)[0].player
    mine = next(s for s in wins if s.player == best)
    top = wins[0]
    if not top.payoff.value:
        return "Nobody won a game in this seat."
    if mine.payoff.value == top.payoff.value:
        also = "It also wins most often" if mine.place == 1 and wins[1].payoff.value < mine.payoff.value else "It wins"
        return f"{also}: {share(mine.payoff.value)} of its games."
    return (
        f"By games won {found.titles.player(seat, top.player)} leads instead: {share(top.payoff.value)} of its games, "
        f"against {share(mine.payoff.value)}."
    )


def _threats(found: Findings, seat: str) -> list[str]:
    """Return what would make another player the best, the smallest change first of each kind."""
    titles = found.titles
    made: list[str] = []
    best = found.standing(seat)[0].player
    by_rule = [
        (arm, entry) for arm, entry in found.best if entry.seat == seat and entry.changed and entry.setting != "base"
    ]
    for arm, entry in sorted(by_rule, key=lambda pair: -pair[1].sure)[:2]:
        made.append(f"{_rule(found, arm)}: {titles.player(seat, entry.player)} leads.")
    for change in [c for c in found.analysis.overturns if c.seat == seat and c.best == best][:1]:
        made.append(_overturned(found, change))
    for check in [c for c in found.analysis.left_out if c.seat == seat and c.changed and c.left_out][:1]:
        gone = titles.player(*check.left_out) if check.left_out else ""
        made.append(f"If nobody played {gone}, {titles.player(seat, check.best)} would lead.")
    if not made:
        return [_nothing(found, seat)]
    return made[:THREATS]


def _overturned(found: Findings, change: Overturn) -> str:
    """Return how much more common an opponent would have to be for another to lead; not in equal numbers."""
    opponent = found.titles.player(change.opponent_seat, change.opponent)
    where = "" if len(found.seats) == 2 else f" as {found.titles.seat(change.opponent_seat)}"
    then, now = share(change.share), share(change.now)
    much = f"only a little more common than now ({now} of its seat)" if then == now else ""
    leads = f"{found.titles.player(change.seat, change.then)} would lead."
    return f"If {opponent}{where} were {much or f'{then} of its seat or more (now {now})'}, {leads}"


def _rule(found: Findings, arm: str) -> str:
    """Return an arm of ``Findings.best`` as the beginning of a sentence."""
    if arm.startswith("without "):
        return f"Without {found.titles.lever(arm.removeprefix('without '))}"
    if arm.startswith("point "):
        return found.titles.arm(found.arms.sweep[int(arm.removeprefix("point ")) - 1])
    return rule_title(found, arm)


def rule_title(found: Findings, label: str) -> str:
    """Return what one of the plan's other arms is called: by the plan's own name for it, its scenario and its point."""
    plan, titles = found.tournament.plan, found.titles
    if label in plan.scenarios:
        return titles.scenario(label)
    scenario, _, rest = label.partition(", ") if plan.scenarios else ("", "", label)
    name, _, point = rest.partition(", ")
    if name not in plan.arms:
        return titles.arm(found.arms.others[label])
    values = {path: value for path, value in found.arms.others[label].settings.items() if f"{path}=" in point}
    parts = [
        titles.scenario(scenario) if scenario else "",
        f"rules “{spaced(name)}”",
        titles.settings(values) if values else "",
    ]
    text = ", ".join(part for part in parts if part)
    return f"{text[:1].upper()}{text[1:]}"


def _nothing(found: Findings, seat: str) -> str:
    compared = {arm for arm, _ in found.best}
    tried = []
    if any(check.seat == seat and check.left_out for check in found.analysis.left_out):
        tried.append("no single opponent left out or made more common")
    if compared & {f"without {lever}" for lever in found.arms.levers}:
        tried.append("no lever taken away")
    if any(arm.startswith("point ") for arm in compared):
        tried.append("no value of the assumptions")
    if compared & set(found.arms.others):
        tried.append("none of the other rules")
    if not tried:
        return "Nothing else was varied in this plan, so nothing is known of that."
    return f"Nothing that was tried: {listed(tried)} puts another first."


def against(found: Findings) -> str:
    """Say against which field, in sentences."""
    plan, titles = found.tournament.plan, found.titles
    table, schedule = found.analysis.table, found.tournament.field.schedule
    played = len(table.line_up[0])
    possible = math.prod(table.sizes)
    if found.around:
        around = listed([f"{titles.player(seat, name)} as {titles.seat(seat)}" for seat, name in found.around.items()])
        field = f"One line-up, {around}, and every line-up that differs from it in one seat ({played:,} in all)."
    elif played == possible:
        field = f"Every line-up of the strategies below, {counted(played, 'line-up')} in all, each in the same worlds."
    else:
        kind = "a balanced sample" if schedule.sampled else "these"
        field = f"{played:,} of {possible:,} possible line-ups ({kind}), each in the same worlds."
    if plan.design == "one_vs_field" and plan.one:
        field += f" The strategies of {titles.seat(plan.one)} met exactly the same opponents."
    strategies = "\n".join(
        f"{titles.seat(seat)}: {_few([titles.player(seat, player) for player in players])}"
        for seat, players in zip(table.seats, table.players, strict=True)
    )
    return f"{field}\n{strategies}"


LISTED = 8
"""At most so many names of strategies, or groups of them, are listed in a sentence."""


def _few(names: list[str]) -> str:
    if len(names) <= LISTED:
        return " · ".join(names)
    return f"{' · '.join(names[:LISTED])} and {len(names) - LISTED} more ({len(names)} in all, see the tables)"


def rules(found: Findings) -> str:
    """Say under which rules, in sentences."""
    book, plan = found.titles.book, found.tournament.plan
    scenario = book.scenarios[found.tournament.field.arms[0].scenario]
    text = (
        f"{found.titles.scenario(scenario.name)} of {book.title or book.name}, version {book.version}, "
        f"{scenario.rounds} rounds."
    )
    changed = [found.titles.setting(path, value) for path, value in plan.overrides.items()]
    changed += [f"without {found.titles.lever(name)}" for name in plan.without]
    changed += [f"{found.titles.knob(f'news.{card.event}')} in round {card.round}" for card in plan.inject]
    text += f" Changed for all games: {listed(changed)}." if changed else " Every assumption as the rulebook has it."
    arms = len(found.tournament.arms) - 1
    if arms:
        text += f" The same games were also played under {counted(arms, 'other set')} of rules, to compare."
    return text


def evidence(found: Findings) -> str:
    """Say how many games there are, in a sentence."""
    table = found.analysis.table
    text = f"{counted(len(table), 'game')} in {counted(worlds(found), 'world')}"
    more = found.stored - len(table)
    return f"{text}, and {more:,} more under other rules" if more > 0 else text


def dominance(found: Findings) -> str:
    """Return whether anybody dominates anybody, in sentences; seats of which nothing is known come together."""
    titles, undecided = found.titles, 0
    said: list[str] = []
    none: list[str] = []
    unmet: list[str] = []
    for seat in found.seats:
        players = found.standing(seat)
        if len(players) < 2:
            continue
        known = [c for c in found.analysis.dominance if c.seat == seat]
        if not known:
            unmet.append(titles.seat(seat))
            continue
        sure = [c for c in known if c.answer == "dominates"]
        over = {s.player: {c.other for c in sure if c.player == s.player} for s in players}
        kings = [player for player, others in over.items() if len(others) == len(players) - 1]
        beaten = sorted({c.other for c in sure}, key=[s.player for s in players].index)
        scope = "whatever the others do" if all(c.everywhere for c in sure) else "against all that it met"
        if kings:
            king = titles.player(seat, kings[0])
            said.append(
                f"{titles.seat(seat)}: {king} dominates among these {len(players)} strategies: it beats each of the"
                f" others, {scope}. What else there may be only a search can say (chokepoint tournament discover)."
            )
        elif beaten:
            losers = listed([titles.player(seat, player) for player in beaten])
            verb = "is" if len(beaten) == 1 else "are"
            said.append(f"{titles.seat(seat)}: {losers} {verb} never the better choice, {scope}.")
        else:
            none.append(titles.seat(seat))
            # Two that never met the same opponents are as open as two whose games do not tell.
            undecided += len(players) * (len(players) - 1) - sum(c.answer != "undecided" for c in known)
    if none:
        where = "No" if not said and not unmet else f"As {listed(none, 'or')} no"
        text = f"{where} strategy is shown to beat another of its seat whatever the others do"
        said.append(f"{text}; {counted(undecided, 'pair is', 'pairs are')} still open." if undecided else f"{text}.")
    if unmet:
        said.append(f"As {listed(unmet, 'or')} no two strategies met the same opponents, so nothing is known of that.")
    return " ".join(said) or "Every seat has one strategy only, so nothing can dominate."


def best_means(found: Findings) -> str:
    """Return what "best" means here."""
    what = f"The highest mean {found.payoff_words}"
    over = (
        "over these line-ups"
        if found.analysis.game.complete or found.analysis.table.whole
        else "over all line-ups like these"
    )
    return f"{what} {over}, every opponent equally common. The dots say how sure that is, luck considered."


def luck(found: Findings) -> str:
    """Return what is different in an imagined repetition."""
    if found.analysis.table.whole or found.analysis.game.complete:
        return "other luck"
    return "other luck and other opponents of the same kind"


def nobody_leaves(found: Findings) -> str:
    """Say, for ``deviations``, whether any seat alone would do better with another player."""
    if not found.around:
        return ""
    leavers: list[str] = []
    maybe: list[str] = []
    for seat, standings in ((seat, found.standing(seat)) for seat in found.seats):
        stays = found.around[seat]
        # The best less the one that stays.
        gains = [(lead.difference, standings[0].player) for lead in found.leads[seat] if lead.other == stays]
        for gain, player in gains:
            title = f"{found.titles.seat(seat)} with {found.titles.player(seat, player)}"
            text = f"{title} ({number(found.payoff, gain.value, signed=True)})"
            if gain.value > 0:
                (leavers if gain.low > 0 else maybe).append(text)
    unknown = [
        found.titles.seat(seat)
        for seat in found.seats
        if len(found.standing(seat)) > 1 and found.around[seat] != found.standing(seat)[0].player
        and not any(lead.other == found.around[seat] for lead in found.leads[seat])
    ]  # fmt: skip
    if leavers:
        return f"Alone, these would do better for sure: {'; '.join(leavers)}."
    if maybe:
        return f"Nobody would do better alone for sure; perhaps {'; '.join(maybe)}."
    if unknown:
        return f"Whether {listed(unknown, 'or')} would do better alone is not known: too few games are there."
    return "No seat alone would do better with another of its strategies."


def adaptation(found: Findings) -> str:
    """Return what happens when every seat chooses as well as it can."""
    titles, result = found.titles, found.analysis
    if not result.equilibria:
        return ""
    first = result.equilibria[0]
    parts = []
    for s, seat in enumerate(first.seats):
        if len(first.players[s]) < 1:
            continue
        mix = sorted(zip(first.mix[s].tolist(), first.players[s], strict=True), key=lambda pair: (-pair[0], pair[1]))
        used = [(part, player) for part, player in mix if part > 0.005]
        if len(used) == 1:
            parts.append(f"{titles.seat(seat)} plays {titles.player(seat, used[0][1])}")
        else:
            mixed = listed([f"{titles.player(seat, player)} ({share(part)})" for part, player in used])
            parts.append(f"{titles.seat(seat)} mixes {mixed}")
    more = len(result.equilibria) - 1
    text = f"Nobody gains by choosing otherwise when {listed(parts)}."
    if more:
        others = "another such state was" if more == 1 else f"{more} more such states were"
        text += f" At least {others} found."
    return text
