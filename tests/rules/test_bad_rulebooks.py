"""Every file of ``bad/`` changes the sound rulebook ``bad/base`` in one wrong way and says what it expects to be told.

The first line is ``# expect: LINE: MESSAGE``; a fault that shows in the base has ``FILE:LINE`` instead.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from rules import RuleErrors, load_rulebook

BAD = Path(__file__).parent / "bad"
FILES = sorted(BAD.glob("*.yaml"))


def faults_of(path: Path) -> list[str]:
    with pytest.raises(RuleErrors) as caught:
        load_rulebook(path)
    return [str(fault) for fault in caught.value.faults]


def test_the_base_is_sound():
    assert load_rulebook(BAD / "base").name == "base"


def test_there_are_many_bad_rulebooks():
    assert len(FILES) >= 60


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_one_slip_gives_exactly_one_fault_at_its_line(path: Path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# expect: ")
    expected = first.removeprefix("# expect: ")
    if expected[0].isdigit():
        expected = f"{path.name}:{expected}"
    assert faults_of(path) == [expected]


MANY = """\
extends: base
tracks:
  spare: {scope: world, range: [5, 0]}
  tension: {colour: red}
knobs:
  spillover: {value: 900}
defines:
  lead: us_state.pionts - 1
  trail: trail - 1
moves:
  tighten:
    cost: {capitol: 2}
    requires:
      - {rule: strain < 5, else: too strained}
      - {rule: tensoin < 5, else: too tense}
    effects:
      - world.tensoin += 1
      - me.points += tension > 3
  spare:
    family: trade
    efects:
      - me.points += 100 // me.capital
      - if: tension > 2
        thn: [me.points += 1]
  hoard:
    effects:
      - me.points += 1
events:
  thaw: {when: tension < 0}
goals:
  score: me.points + sum(r.warmth > 3 for r in regions)
scenarios:
  two:
    knobs: {spilover: 1}
    start: {capital: {america: 99}}
"""


def test_every_fault_of_a_file_is_told_in_one_run(tmp_path: Path):
    path = tmp_path / "many.yaml"
    path.write_text(MANY, encoding="utf-8")
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "rules.yaml").write_bytes((BAD / "base" / "rules.yaml").read_bytes())
    told = faults_of(path)
    assert [(fault.split(": ")[0], fault.split(": ")[1]) for fault in told] == [
        ("many.yaml:3", "tracks.spare.range"),
        ("many.yaml:4", "tracks.tension.colour"),
        ("many.yaml:6", "knobs.spillover.value"),
        ("many.yaml:8", "defines.lead"),
        ("many.yaml:9", "defines.trail"),
        ("many.yaml:12", "moves.tighten.cost.capitol"),
        ("many.yaml:14", "moves.tighten.requires.0"),
        ("many.yaml:15", "moves.tighten.requires.1"),
        ("many.yaml:17", "moves.tighten.effects.0"),
        ("many.yaml:18", "moves.tighten.effects.1"),
        ("many.yaml:21", "moves.spare.efects"),
        ("many.yaml:22", "moves.spare.effects.0"),
        ("many.yaml:24", "moves.spare.effects.1.thn"),
        ("many.yaml:27", "moves.hoard.effects.0"),
        ("many.yaml:29", "events.thaw.when"),
        ("many.yaml:31", "goals.score"),
        ("many.yaml:34", "scenarios.two.knobs.spilover"),
        ("many.yaml:35", "scenarios.two.start.capital.america"),
    ]


def test_the_message_of_the_exception_has_one_fault_a_line(tmp_path: Path):
    with pytest.raises(RuleErrors) as caught:
        load_rulebook(BAD / "duplicate_move.yaml")
    assert str(caught.value) == "\n".join(str(fault) for fault in caught.value.faults)
