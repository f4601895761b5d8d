"""The printed rulebook: complete, well formed, self-contained, and without a trace of program text."""

from __future__ import annotations

import copy
import re
from html import unescape
from html.parser import HTMLParser

from game.rulebook import book as printed
from rules import rulebook_from
from rules.model.rulebook import Rulebook
from tests.pages import without_fonts

VOID = {"meta", "link", "br", "hr", "img", "input"}
PROGRAM = r"//|==|!=|<=|>=|\+=|-=|\*\*|\b(me|knob|world)\.\w|\[me|[{}]| % |\bfor \w in \w"


class Reader(HTMLParser):
    """Collects ids, links and text, and complains about tags that do not match."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []
        self.stack: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.add(tag)
        self.ids += [values["id"] or ""] if "id" in values else []
        self.links += [values["href"] or ""] if "href" in values else []
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.stack or self.stack[-1] != "style":
            self.text.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    assert reader.stack == []
    return reader


def test_everything_in_the_rules_has_its_place(book_and_page: tuple[Rulebook, str]) -> None:
    book, page = book_and_page
    ids = set(read(page).ids)
    for kind, names in (
        ("move", book.moves), ("event", book.events), ("track", book.tracks), ("role", book.roles),
        ("knob", book.knobs), ("scenario", book.scenarios), ("ending", book.endings), ("map", book.maps),
        ("group", book.groups), ("step", [step.name for step in book.world_turn]),
    ):  # fmt: skip
        for name in names:
            assert f"{kind}-{name}" in ids


def test_titles_and_reasons_are_printed(book_and_page: tuple[Rulebook, str]) -> None:
    book, page = book_and_page
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
    for move in book.moves.values():
        assert " ".join(move.why.split()) in text
        assert " ".join(move.disputed.split()) in text
    for event in book.events.values():
        for part in (event.text, event.note, event.contrary, event.source):
            assert " ".join(part.split()) in text
    for step in book.world_turn:
        for rule in step.rules:
            assert " ".join(rule.why.split()) in text
    for drawn in book.agendas.values():
        for agenda in drawn:
            assert " ".join(agenda.text.split()) in text


def test_tags_match_ids_are_unique_and_links_lead_somewhere(book_and_page: tuple[Rulebook, str]) -> None:
    reader = read(book_and_page[1])
    assert len(reader.ids) == len(set(reader.ids))
    assert all(link.startswith("#") for link in reader.links)
    assert {link[1:] for link in reader.links} <= set(reader.ids)


def test_index_leads_to_every_move_and_track(book_and_page: tuple[Rulebook, str]) -> None:
    book, page = book_and_page
    index = page[page.index('id="index"') :]
    assert all(f'href="#move-{name}"' in index for name in book.moves)
    assert all(f'href="#track-{name}"' in index for name in book.tracks)


def test_page_needs_nothing_from_outside(book_and_page: tuple[Rulebook, str]) -> None:
    page = without_fonts(book_and_page[1])
    # Addresses of sources are read, not loaded: none stands in an attribute or a style.
    assert not re.search(r"(src|srcset)\s*=|@import|url\(|=\s*[\"']?https?://", page)
    assert not read(page).tags & {"script", "link", "img", "iframe", "object"}


def test_no_program_text_where_a_person_reads(book_and_page: tuple[Rulebook, str]) -> None:
    text = re.sub(r"https://\S+", "", " ".join(read(book_and_page[1]).text))  # addresses of sources
    assert [text[max(0, found.start() - 60) : found.end() + 60] for found in re.finditer(PROGRAM, text)] == []
    assert "None" not in text
    assert not re.search("[\ue000-\ue002]", text)


def test_reported_evidence_is_marked(standard: Rulebook) -> None:
    page = printed.html(standard)
    for event in standard.events.values():
        card = page[page.index(f'id="event-{event.name}"') :].partition("</article>")[0]
        assert ("reported" in card.partition("</h4>")[2].partition("</div>")[0]) == bool(set(event.grade) & set("CU"))


def test_text_from_the_rules_cannot_become_markup(standard: Rulebook) -> None:
    source = copy.deepcopy(dict(standard.source))
    nasty = "<script>alert('x')</script> & \"more\" \ue000track:capital\ue001x\ue002"
    source["rulebook"]["title"] = nasty
    source["rulebook"]["summary"] = nasty
    source["tracks"]["capital"]["title"] = nasty
    source["tracks"]["capital"]["about"] = nasty
    move = next(iter(source["moves"].values()))
    move["why"] = move["counter"] = nasty
    event = next(iter(source["events"].values()))
    event["text"] = event["title"] = event["note"] = nasty
    page = printed.html(rulebook_from(source))
    reader = read(page)
    assert "script" not in reader.tags
    assert "<script>alert('x')</script> & \"more\"" in " ".join("".join(reader.text).split())
    style = page[page.index("<style>") : page.index("</style>")]
    assert "<script" not in style


def test_changed_rules_print_a_changed_book(standard: Rulebook) -> None:
    source = copy.deepcopy(dict(standard.source))
    name = next(name for name, move in source["moves"].items() if move.get("cost", {}).get("capital") == 2)
    source["moves"][name]["cost"]["capital"] = 37
    page = printed.html(rulebook_from(source))
    card = page[page.index(f'id="move-{name}"') :].partition("</article>")[0]
    assert "37 <a" in card


def test_what_only_computer_players_judge_by_is_told_in_its_own_place(standard: Rulebook) -> None:
    before, heading, after = printed.html(standard).partition("<h3>Formulas by which computer players judge a position")
    assert heading and "define-outlook_chinese_labs" not in before
    assert after.count('href="#define-outlook') > 10


def test_agendas_can_be_folded_away_and_print_all_the_same(standard: Rulebook) -> None:
    page = printed.html(standard)
    assert page.count("<summary>Secret agendas") == len(standard.agendas)
    assert "details::details-content" in page


def test_same_rules_print_the_same_page(standard: Rulebook) -> None:
    assert printed.html(standard) == printed.html(standard)
