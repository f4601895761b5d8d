"""The page of facts: a source that names it leads to an entry there, with the figures and the grade that are quoted."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from rules import load_rulebook
from tests.docs.blocks import ROOT

PAGE = ROOT / "docs" / "facts.md"
SHIPPED = ("rules", "ai_players", "assets")
"""Folders with YAML that a player or an instructor is shown."""
SECTION = re.compile(r"^(?:facts, )?section (\d)(?:: )?")
GRADE = re.compile(r" \(([ABCU](?:/[ABCU])*)\)")
OWN = re.compile(r"(?:weights|regional values) are (?:designer's assumption|judgement)|judgement(?: for .*)?|fitted .*")
"""What a source says on the rule's own account; no entry has to say it. What was fitted names rows of the hindcast."""
SMALL = {"a", "an", "the", "of", "and", "in", "on", "to", "for", "by", "at", "with", "as", "or", "from", "is", "are",
         "it", "its", "about", "against", "between", "takes"}  # fmt: skip
SHORT = {"us": "us", "k": "thousand", "m": "million", "bn": "billion"}


def words(text: str) -> list[str]:
    """A text's words and figures in one spelling: no marks, no plural, $7 as 7 dollar, 7M as 7 million."""
    text = re.sub(r"\$([\d.]+)(?: (million|billion|trillion))?", r"\1 \2 dollar", text.lower())
    text = re.sub(r"(\d)(k|m|bn)\b", lambda found: f"{found[1]} {SHORT[found[2]]}", text)
    text = re.sub(r"'s\b|’s\b", "", text)
    found = re.findall(r"\d+(?:\.\d+)?%?|½|[a-z]+\d*[a-z]*", text)
    return [SHORT.get(word) or re.sub(r"(?<=[a-z]{2})s$", "", word) for word in found if word not in SMALL]


@dataclass(frozen=True)
class Entry:
    """One row of a table of the page; its text has the heads of the columns in it."""

    name: str
    text: frozenset[str]
    grades: frozenset[str]

    def says(self, text: str) -> bool:
        return set(words(text)) <= self.text


Page = dict[int, list[Entry]]


def entries_of(page: str) -> Page:
    """Rows of the page's tables by section."""
    found: Page = {}
    for part in re.split(r"^## (?=\d\. )", page, flags=re.MULTILINE)[1:]:
        entries = found.setdefault(int(part[0]), [])
        lines = part.split("\n## ")[0].splitlines()
        for line, below in itertools.pairwise([*lines, ""]):
            if line.startswith("| ") and below.startswith("|--"):
                head = line
            elif line.startswith("| "):
                cells = [cell.strip() for cell in line.strip("|").split("|")]
                grades = re.findall(r"\b[ABCU]\b", cells[-1]) if head.endswith("Grade |") else []
                name = re.sub(r" \(.*\)", "", cells[0])
                entries.append(Entry(name, frozenset(words(f"{head} {line}")), frozenset(grades)))
    return found


ENTRIES = entries_of(PAGE.read_text(encoding="utf-8"))


def claims_in(text: str) -> list[str]:
    """Numbers of the claims that a reference begins with: claims 3 and 11, claims 1 to 3."""
    told = re.match(r"claims? ([\d ,andto]+)", text)
    found = [int(number) for number in re.findall(r"\d+", told[1])] if told else []
    if told and " to " in told[1]:
        found = list(range(found[0], found[-1] + 1))
    return [str(number) for number in found]


def rows_for(text: str, entries: list[Entry]) -> list[list[Entry]]:
    """For each part of a reference the entries that say it: one entry says all of it, or one each of the parts."""
    whole = [entry for entry in entries if entry.says(text)]
    if whole:
        return [whole]
    return [[entry for entry in entries if entry.says(part)] for part in text.split(", ")]


def fault(source: str, page: Page = ENTRIES) -> str:
    """What a source says that is not on the page, nothing where all of it is."""
    section, quoted = 0, set[str]()
    for part in source.split("; "):
        told = SECTION.match(part)
        section = int(told[1]) if told else section
        if section not in page:
            return f"there is no section {section}"
        text = part[told.end() :] if told else part
        grade = GRADE.search(text)
        text = OWN.sub("", GRADE.sub("", text)).replace(" (", ", ").replace(")", "").strip(" ,")
        numbers = claims_in(text)
        entries = [entry for entry in page[5] if entry.name in numbers] if numbers else page[section]
        if len(numbers) > len(entries):
            return f"section 5 has no “{text}”"
        text = re.sub(r"^claims? [\d ,andto]+", "", text) if numbers else text
        found = rows_for(text, entries) if text else []
        if not all(found):
            return f"section {section} does not say “{text}”"
        quoted |= {letter for rows in found for entry in rows for letter in entry.grades}
        if grade and quoted and not set(grade[1].split("/")) <= quoted:
            return f"“{text}” is graded {'/'.join(sorted(quoted))}"
    return ""


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    elif isinstance(value, str):
        yield value


def sources(folder: str) -> list[tuple[str, str]]:
    """File and source for all that a folder's YAML files take from the page of facts."""
    return [
        (path.relative_to(ROOT).as_posix(), text)
        for path in sorted((ROOT / folder).rglob("*.yaml"))
        for text in strings(yaml.safe_load(path.read_text(encoding="utf-8")))
        if "facts, section" in text
    ]


@pytest.mark.parametrize("folder", SHIPPED)
def test_every_source_that_names_the_facts_is_found_on_their_page(folder: str) -> None:
    found = sources(folder)
    assert len(found) >= 10
    assert [f"{path}: {text}: {wrong}" for path, text in found if (wrong := fault(text))] == []


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("facts, section 3: Golf Deals", "section 3 does not say “Golf Deals”"),
        ("facts, section 1: Gulf Deals", "section 1 does not say “Gulf Deals”"),
        ("facts, section 6: Gulf Deals", "there is no section 6"),
        ("facts, section 3: Gulf Deals; section 4: free phones", "section 4 does not say “free phones”"),
        ("facts, section 1: smuggling 2024, median 12% (A)", "section 1 does not say “smuggling 2024, median 12%”"),
        ("facts, section 1: smuggling 2024 (B)", "“smuggling 2024” is graded A"),
        ("facts, section 5: claims 9 to 12", "section 5 has no “claims 9 to 12”"),
    ],
)  # fmt: skip
def test_a_source_that_leads_nowhere_is_told_from_one_that_does(source: str, wrong: str) -> None:
    assert fault(source) == wrong


def test_a_news_card_has_the_grade_of_its_event_on_the_page() -> None:
    cards = {card.source: card.grade for card in load_rulebook("standard").events.values()}
    told = {entry.name: set(entry.grades) for entry in ENTRIES[3]}
    named = {
        match[1]: grade for source, grade in cards.items() if (match := re.search(r"section 3: ([^;(,]+)", source))
    }
    matched = {name: told[name.strip()] for name in named if name.strip() in told}
    assert len(matched) >= 25
    assert {name: set(named[name]) for name in matched} == matched


def test_the_page_has_the_five_sections_that_sources_name() -> None:
    assert list(ENTRIES) == [1, 2, 3, 4, 5]
    assert all(entry.grades for section in (1, 3) for entry in ENTRIES[section])


NOBODY = {
    "press",
    "reported",
    "via",
    "others",
    "law firms",
    "price pages",
    "analysts run rates",
    "as quoted",
    "a chinese ministry",
}
"""What stands in the column of sources and is no author: the page says so of each."""


def test_every_source_has_an_author_a_date_and_an_address() -> None:
    text = PAGE.read_text(encoding="utf-8")
    head, _, tail = text.partition("## Who the sources are")
    rows = [
        [cell.strip() for cell in line.strip("| ").split(" | ")] for line in tail.splitlines() if line.startswith("| ")
    ]
    known = {name.lower() for name, *_ in rows[1:]}
    for name, what, address in rows[1:]:
        assert re.fullmatch(r"<https://[^ ]+>|none that .*", address), name
        assert what, name
    shown = yaml.safe_load((ROOT / "assets" / "facts" / "sources.yaml").read_text(encoding="utf-8"))
    assert {name: (one["by"], one.get("address", "")) for name, one in shown["sources"].items()} == {
        name: (what.replace("*", ""), address.strip("<>") if address.startswith("<") else "")
        for name, what, address in rows[1:]
    }
    facts = head.partition("## 2. Starting values")[0]
    for line in facts.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if len(cells) != 4 or not line.startswith("| ") or cells[0] == "Fact":
            continue
        said = re.sub(r"\([ABCU](?:/[ABCU])*\)|['’]|\b20\d\d\b|summer|via|Linux Foundation", " ", cells[2]).lower()
        names = [" ".join(part.split()) for part in re.split(r"[,;]| and (?!yue)", said)]
        for name in filter(None, names):
            assert name in known | NOBODY, f"{name!r} of “{cells[0]}” stands in no row of “Who the sources are”"
        assert [name.lower() for name in shown["entries"].get(cells[0], [])] == [
            name for name in names if name in known
        ]
