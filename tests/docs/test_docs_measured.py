"""What the docs tell as measured is filled in by a tool, from the product's own answers, and is of today's rules."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from game.rulebook.trust import outcomes_of
from rules import load_rulebook
from tests.docs.blocks import ROOT, commands
from tools.measured import __main__ as tool
from tools.measured.pages import DOCS, RULEBOOK, figures, marked
from tools.measured.parts import BALANCE, FACTS, Measured, Part, World, balance_part, file_of, measure, parts, read
from tools.measured.tables import BARS, cells, estimate
from tournament.balance.bars import checks
from tournament.claims.words import READING_TITLES, range_words

PAGES = ("balance.md", "claims.md", "hindcast.md")
HINDCAST = ROOT / "rules" / "standard" / "hindcast.json"
TODO = (
    "run 'python -m tools.measured run --out results/measured', then 'python -m tools.measured write --from"
    " results/measured', and read the prose again that it names"
)
STRONGER = ("claims-found-rulebook", "claims-search-rulebook")
CLAIM = """\
claim: 4
title: Talent programmes pay
sentence: A country that courts talent ends with the better model.
scenario: rivals_2025
arms:
  courts: {{title: everyone may run talent programmes}}
  does_not: {{title: China may not, overrides: {{moves.talent_programme.seats: {{roles: [us_state, us_labs]}}}}}}
predicts:
{predicts}
pays: {{says: It pays., outcome: "score:open_labs", unit: points, contrast: {{courts: 1, does_not: -1}}, more_than: 0,
  because: Any gain is one.}}
fails_if: The model is no better for it.
knobs: [follow]
evidence: [{{text: Some., source: Somebody, grade: C, side: open}}]
caveat: Talent in the game is one number.
"""
PREDICTS = """\
  - says: The best Chinese model gets better.
    outcome: chinese_model
    unit: months of capability
    contrast: {courts: 1, does_not: -1}
    more_than: 0.5
    because: Half a month is the least that a ranking would show.
"""


def pages() -> dict[str, str]:
    return {page: (DOCS / page).read_text(encoding="utf-8") for page in PAGES}


def called(*words: str) -> Any:
    return CliRunner().invoke(tool.app, list(words))


def test_what_the_docs_tell_as_measured_is_of_todays_rules() -> None:
    stored = json.loads(HINDCAST.read_text(encoding="utf-8"))
    named = {
        f"docs/{page}, {name}": match[1]
        for page, text in pages().items()
        for name, content in marked(text).items()
        if (match := RULEBOOK.fullmatch(content))
    }
    assert len(named) == 6
    # Stronger players may have played under older rules, which the page names.
    named = {place: rulebook for place, rulebook in named.items() if not place.endswith(STRONGER)}
    named["rules/standard/hindcast.json"] = stored["rules"][:8]
    assert len(set(named.values())) == 1, f"the docs tell of several rulebooks, {named}: {TODO}"
    book = load_rulebook("standard")
    stale = (
        f"the docs tell of rulebook {stored['rules'][:8]}; games come out otherwise under this one, {book.sha256[:8]}"
    )
    assert stored["outcomes"] == outcomes_of(book), f"{stale}: {TODO}"


def test_every_block_stands_once_in_its_page_and_its_markers_begin_no_sentence() -> None:
    assert [edit.path.name for edit in tool.edits(World.now(), {})] == list(PAGES)
    assert all(edit.old == edit.new for edit in tool.edits(World.now(), {}))
    for page, text in pages().items():
        within = re.findall(r"^<!-- measured: [\w-]+ -->.+$", text, re.MULTILINE)
        assert within == [], f"{page}: a line that begins with a marker is no prose to a Markdown reader"


def test_a_marker_that_is_missing_or_unknown_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for page, text in pages().items():
        (tmp_path / page).write_text(text.replace("measured: thesis -->", "measured: thesys -->"), encoding="utf-8")
    monkeypatch.setattr(tool, "DOCS", tmp_path)
    with pytest.raises(Exception, match=r"thesis, thesys|thesys, thesis"):
        tool.edits(World.now(), {})


def test_the_commands_are_those_that_the_pages_name() -> None:
    def bare(words: list[str]) -> str:
        kept = (
            " ".join(words)
            .replace("--strength found", "--strength=found")
            .replace("--strength search", "--strength=search")
        )
        return " ".join(sorted(re.sub(r"--(out|players)[ =]\S+|--json|results/\S+", "", kept).split()))

    shown = {bare(words) for page, words in commands() if page == "claims.md"}
    for name, part in parts(Path("results"), [Path("results/found")]).items():
        if name.startswith(("claims", "thesis")):
            assert all(bare(list(words)) in shown for words in part.commands), part.shown
    text = pages()["balance.md"]
    sizes = {" ".join(size) for size in BALANCE.values() if size}
    assert all(size in text for size in sizes)
    assert {line["scenario"] for line in json.loads(HINDCAST.read_text(encoding="utf-8"))["lines"]} == set(FACTS)


def test_figures_of_people_are_found_and_those_of_the_tool_and_of_commands_are_not() -> None:
    text = """# A page of 2025

Some 3 things.

<!-- measured: a -->

| 4 |

<!-- end -->

## Next

In <!-- measured: b -->5<!-- end --> games.

```bash
six 6
```

Seven
7.
"""
    assert list(figures(text)) == [("the head of the page", [(1, 1), (3, 3)]), ("Next", [(19, 20)])]


# ----------------------------------------------------------------------------------------- measuring


def kept(folder: Path, name: str, world: World, data: Any) -> None:
    file_of(folder, name).write_text(json.dumps(asdict(Measured(name, [], 0, world, data))), encoding="utf-8")


def test_a_part_of_these_rules_is_not_run_again_and_one_of_others_is_refused(tmp_path: Path) -> None:
    world = World.now()
    kept(tmp_path, "hindcast", replace(world, rules="f" * 64), {})
    found = called("run", "--out", str(tmp_path), "hindcast")
    assert (found.exit_code, found.stdout) == (0, "hindcast: is there\n")  # other words, the same outcomes
    for other in (replace(world, rules="f" * 64, outcomes="e" * 64), replace(world, doctrines="e" * 64)):
        kept(tmp_path, "hindcast", other, {})
        found = called("run", "--out", str(tmp_path), "hindcast")
        assert found.exit_code == 2 and "hindcast was measured with" in found.stdout
        found = called("write", "--from", str(tmp_path))
        assert (
            "hindcast was measured with" in found.stdout
            and "missing, so that it stays as it is: hindcast" in found.stdout
        )
        assert "written" not in found.stdout
    assert called("run", "--out", str(tmp_path), "hindcost").exit_code == 2
    assert called("run", "--out", str(tmp_path), "claims-found").exit_code == 2


def test_a_command_that_is_off_keeps_what_it_said_and_no_part(tmp_path: Path) -> None:
    said = measure(Part("few", (("balance", "--games", "5", "--json"),), bars=True), tmp_path)
    assert said.startswith("status 2 of chokepoint balance --games 5 --json")
    assert "--games 5 is too few" in (tmp_path / "few.err").read_text(encoding="utf-8")
    assert read(tmp_path, "few") is None


# ------------------------------------------------------------------------------------------- writing


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few parts, by the product's commands at sizes that tell nothing."""
    folder = tmp_path_factory.mktemp("measured")
    four = folder / "four.yaml"
    four.write_text(CLAIM.format(predicts=3 * PREDICTS), encoding="utf-8")
    found = folder / "found"
    found.mkdir()
    for name in ("back_the_labs", "race_the_frontier", "squeeze", "smart_factories", "flood_the_commons"):
        shutil.copy(ROOT / "ai_players" / "doctrines" / f"{name}.yaml", found)
    games = folder / "games"
    thesis = str(games / "thesis")
    claims = ("claims", str(four), "--games", "16", "--json", "--out", str(games / "claims"))
    for part in (
        Part("hindcast", (("hindcast", "--games", "10", "--json"),), bars=True),
        Part(
            balance_part("duel_2025"),
            (("balance", "--scenario", "duel_2025", "--games", "40", "--quick", "--no-ray", "--json"),),
            bars=True,
        ),
        Part("claims", (claims,)),
        Part("claims-4", (("claims", str(four), "--games", "32", "--json", "--out", str(games / "four")),)),
        Part("claims-found", ((*claims, "--strength", "found", "--players", str(found)),)),
        Part(
            "thesis",
            (
                ("tournament", "run", "duel_thesis", "--games", "32", "--no-ray", "--out", thesis, "--json"),
                ("tournament", "report", thesis, "--json"),
            ),
        ),
    ):
        assert measure(part, folder) == ""
    return folder


def row(text: str, block: str, begins: str) -> list[str]:
    (found,) = [line for line in cells(marked(text)[block]) if line[0].startswith(begins)]
    return found


@pytest.mark.slow
def test_what_was_measured_is_filled_in_and_the_rest_stays(
    measured: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs, home = tmp_path / "docs", tmp_path / "rules"
    (home / "standard").mkdir(parents=True)
    docs.mkdir()
    for page in PAGES:
        shutil.copy(DOCS / page, docs)
    shutil.copy(HINDCAST, home / "standard")
    monkeypatch.setattr(tool, "DOCS", docs)
    monkeypatch.setattr(tool, "HOME", home)
    before = pages()
    assert called("write", "--from", str(measured), "--check").exit_code == 1
    assert {page: (docs / page).read_text(encoding="utf-8") for page in PAGES} == before
    told = called("write", "--from", str(measured))
    assert told.exit_code == 0
    assert "missing, so that it stays as it is: balance-rivals_2025" in told.stdout
    assert "balance.md, What does not hold" in told.stdout
    assert called("write", "--from", str(measured), "--check").exit_code == 0
    after = {page: (docs / page).read_text(encoding="utf-8") for page in PAGES}
    today = f"`{World.now().rules[:8]}`"

    # Balance: the duel's column and no other; without all columns neither games nor rulebook are new.
    old, new = (cells(marked(text["balance.md"])["balance"]) for text in (before, after))
    assert [line[:3] + line[4:] for line in old] == [line[:3] + line[4:] for line in new]
    part = read(measured, balance_part("duel_2025"))
    assert part is not None
    assert {name for name, check in checks().items() if not check.search} == set(BARS)
    failing = {check["check"] for check in part.data["checks"] if check["verdict"] == "fails"}
    shown = {line[0]: line[3] for line in new}
    assert {label for label, cell in shown.items() if cell.startswith("**")} == {
        label for name, label in BARS.items() if name in failing
    }
    assert shown["moves whose absence some seat feels"] == "not measured"
    assert re.fullmatch(r"(\*\*)?\d\.\d\d?(\*\*)?( \?)?", shown["lead changes a game"])
    assert [marked(before["balance.md"])[name] for name in ("balance-games", "balance-rulebook")] == [
        marked(after["balance.md"])[name] for name in ("balance-games", "balance-rulebook")
    ]

    # Claims: what was measured of one claim alone counts; nobody measured the other ten, and no search players.
    wide, alone, found = (read(measured, name) for name in ("claims", "claims-4", "claims-found"))
    assert wide is not None and alone is not None and found is not None
    page = after["claims.md"]
    assert [line["claims"][0]["effects"][0]["n"] for line in (wide.data, alone.data)] == [16, 30]
    four = row(page, "claims", "4. ")
    assert re.fullmatch(
        r"\*\*\w+\*\*; (does not pay|pays|whether it pays is open), −?[\d.]+ \[−?[\d.]+ to −?[\d.]+\]", four[1]
    )
    assert four[2].startswith(f"**{READING_TITLES[found.data['claims'][0]['strengths'][0]['reading']].lower()}**; ")
    assert four[3:] == row(before["claims.md"], "claims", "4. ")[3:]
    assert row(page, "claims", "1. ") == row(before["claims.md"], "claims", "1. ")
    first = range_words(estimate(alone.data["claims"][0]["effects"][0]))
    assert row(page, "claims-effects", "4")[1].startswith(
        f"The best Chinese model gets better: {first} months of capability, *"
    )
    assert row(page, "claims-effects", "4")[2] == alone.data["claims"][0]["why"]
    names = ("claims-rulebook", "claims-found-rulebook", "claims-search-rulebook")
    assert [marked(page)[name] for name in names] == [marked(before["claims.md"])[name] for name in names]

    # Thesis and hindcast are whole, and name today's rulebook.
    thesis = cells(marked(page)["thesis"])
    assert [line[0] for line in thesis] == [line[0] for line in cells(marked(before["claims.md"])["thesis"])]
    assert all(re.fullmatch(r"−?\d+\.\d \[−?\d+\.\d to −?\d+\.\d\]", line[1]) for line in thesis[1:])
    assert (marked(page)["thesis-games"], marked(page)["thesis-rulebook"]) == ("32", today)
    facts = marked(after["hindcast.md"])
    assert facts["hindcast-rulebook"] == today and facts["hindcast-rivals_2025"].startswith("10 games; ")
    stored = json.loads((home / "standard" / "hindcast.json").read_text(encoding="utf-8"))
    assert (stored["games"], stored["outcomes"]) == (10, World.now().outcomes)
