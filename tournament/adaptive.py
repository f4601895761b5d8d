"""Tournaments that play on until their plan's question is decided."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rules.model.rulebook import Rulebook
from tournament.design.plan import Plan
from tournament.runner import run as runner
from tournament.runner.executor import Executor
from tournament.storage.results import Tournament


def run(
    plan: Plan | str | Path | Mapping[str, Any] | None = None,
    out: str | Path | None = None,
    *,
    book: Rulebook | None = None,
    backend: runner.Backend | Executor = "auto",
    address: str | None = None,
    on_progress: runner.OnProgress | None = None,
    **changes: Any,
) -> Tournament:
    """Play a tournament, or what is missing of it, and return its results.

    A folder that holds a part of the same plan, or a smaller one, keeps its games; only the others are played. A plan
    with ``adaptive`` doubles its games until every range of its answer leaves 0 out, or it has the most that it allows;
    looking several times makes ranges wider, so that they hold at all looks together.

    Args:
        plan: a plan, its file, its name among the ready ones, or its plain data; None for the ready plan.
        out: the results folder; ``results/NAME`` when left out.
        book: the rulebook before any settings, where it is at hand; found by the plan's ``rules`` when left out.
        backend: ``local`` plays in this process, ``ray`` on Ray; ``auto`` starts here and goes over to Ray when
            enough is left to do for Ray to pay.
        address: ``HOST:PORT`` of a running Ray cluster to join.
        on_progress: called now and then.
        changes: other values for the plan: ``games=…``, ``seed=…``, ``overrides=…``.

    Raises:
        game.ChokepointError: anything wrong with the plan, the folder, the cluster or a player; says what.
        KeyboardInterrupt: stopped by the user; what was done is stored, and running again does the rest.

    Example:
        found = tournament.run("duel_full", out="duel", games=500, backend="local")
        print(found.games)
    """
    found = runner.planned(plan, changes)
    if found.adaptive is not None:
        # The folder's plan says how many games there were to begin with, from which its report knows the looks.
        found = found.changed(adaptive={"most": found.adaptive.most, "first": found.looks[0]})
    for games in found.looks if found.adaptive is not None else (None,):
        tournament = runner.run(
            found.changed(games=games), out, book=book, backend=backend, address=address, on_progress=on_progress
        )
        if found.adaptive is None or decided(tournament):
            break
    return tournament


def decided(tournament: Tournament) -> bool:
    """Return whether every range of the answer to the plan's question leaves 0 out."""
    # Here, because every worker of a run imports this package, and does without scipy.
    from tournament.analysis.answers import answers_of
    from tournament.analysis.stored import stored_arms

    numbers = [answer.number for answer in answers_of(tournament, stored_arms(tournament))]
    return all(number.low > 0 or number.high < 0 for number in numbers)
