"""Debian's Chromium at a real host, driven by Playwright; skipped, and told why, where there is none."""

from __future__ import annotations

import difflib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from game.table.course import LIVE, SEALED
from game.table.rights import PHASES
from game.table.table import Table
from game.web.host import Host
from tests.chromium import browsers, chromium
from tests.web.tables import Clock, hosted, new_table, order, play
from tests.web.test_reload import PLACES, table_in

pytestmark = browsers

FLAGS = ["--disable-background-networking", "--disable-component-update"]
ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""A browser that can resolve no name, so that whatever a page would load from elsewhere is missed."""
PHONE, SIZES = (360, 740), [(360, 640), (390, 844), (1366, 768), (1920, 1080)]
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
AXE_RUN = """axe.run().then((found) => found.violations.map((each) =>
  [each.id, ...each.nodes.map((node) => node.target.join(' '))].join(': ')))"""
SMALL_TARGETS = """[...document.querySelectorAll('button, a, input, select, summary')]
  .filter((each) => each.offsetParent)
  .map((each) => [each.innerText || each.id, each.getBoundingClientRect()])
  .filter(([, box]) => box.height < 43.5 || box.width < 43.5).map(([name]) => name)"""
Opener = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium(*FLAGS, ONLY_HERE) as found:
        yield found


@pytest.fixture(params=[LIVE])
def table(request: pytest.FixtureRequest) -> Table:
    return new_table(mode=request.param, clock=time.monotonic)


@pytest.fixture
def host(table: Table) -> Iterator[Host]:
    with hosted(table) as found:
        yield found


@pytest.fixture
def opened(browser: Any, host: Host) -> Iterator[Opener]:
    """Open a place in a browser of its own; what the pages complain about fails the test."""
    complaints: list[str] = []
    contexts = []

    def open_place(place: str, size: tuple[int, int] = PHONE, context: Any = None, **more: Any) -> Any:
        if context is None:
            context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **more)
            contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(host.url("1", place))
        page.wait_for_selector("header")
        return page

    yield open_place
    for context in contexts:
        context.close()
    assert complaints == []


def until(page: Any, script: str, *, seconds: float = 30) -> None:
    """Wait for what a script says; the pages allow no waiting that is compiled inside them."""
    end = time.monotonic() + seconds
    while not page.evaluate(script):
        assert time.monotonic() < end, page.inner_text("body")
        page.wait_for_timeout(50)


def shows(page: Any, text: str, where: str = "body") -> None:
    """Wait until a part of a page shows a text."""
    end = time.monotonic() + 30
    while text not in page.inner_text(where):
        assert time.monotonic() < end, page.inner_text("body")
        page.wait_for_timeout(50)


WORDS = """(() => {
  const copy = document.getElementById('app').cloneNode(true);
  copy.querySelectorAll('.clock').forEach((each) => each.remove());
  copy.querySelectorAll('*').forEach((each) => each.append('\\n'));
  return copy.textContent;
})()"""
"""All that a page says but the time, which runs on."""


def reads(page: Any, text: str) -> None:
    """Wait until a page reads word for word as it should."""
    page.wait_for_selector("header", timeout=60_000)
    end = time.monotonic() + 60
    while (found := page.evaluate(WORDS)) != text:
        assert time.monotonic() < end, list(difflib.unified_diff(text.splitlines(), found.splitlines(), n=1))
        page.wait_for_timeout(50)


TWICE = "(id) => { const button = document.getElementById(id); button.click(); button.click(); }"
"""Presses a button twice before anything can be answered."""


def pick_a_move(page: Any) -> None:
    """Press the first move and the first of each of its choices, until the page shows what it would change."""
    page.locator(".move").first.click()
    page.wait_for_selector(".card .picks button, #do")
    for _ in range(4):
        if page.locator("#do").count():
            return
        page.locator(".picks button").first.click()
        page.wait_for_timeout(300)
    page.wait_for_selector("#do")


def test_a_whole_turn_is_played_on_a_phone_that_reaches_nothing_but_the_host(opened: Opener, table: Table) -> None:
    mine, board = opened("united_states"), opened("board", (1920, 1080))
    pick_a_move(mine)
    mine.click("#do")
    shows(mine, f"{table.slots - 1} of {table.slots} moves left")
    mine.click("#pass")
    shows(mine, "It is the turn of China")
    shows(board, "China", ".strip .turn")
    assert [node.seat for node in table.sitting.record.main_line()] == ["united_states"] * 2


def test_the_link_s_secret_leaves_the_address_and_a_reload_keeps_the_seat(opened: Opener, host: Host) -> None:
    page = opened("united_states")
    assert "#" not in page.url
    before = page.inner_text("#app")
    page.reload()
    page.wait_for_selector("header")
    assert page.inner_text("#app") == before
    assert len(host.hubs["1"].doors.devices) == 1


@pytest.mark.parametrize("phase", PHASES)
def test_in_every_phase_every_role_s_page_reads_after_a_reload_as_before(
    browser: Any, tmp_path: Path, phase: str
) -> None:
    with hosted(table_in(phase, tmp_path / "game.yaml", Clock())) as host:
        contexts = {place: browser.new_context(viewport={"width": 1366, "height": 768}) for place in PLACES.values()}
        pages = {place: context.new_page() for place, context in contexts.items()}
        for place, page in pages.items():
            page.goto(host.url("1", place))
        online = "[...document.querySelectorAll('.device .good')].length"
        until(pages["facilitator"], f"{online} === {len(PLACES)}", seconds=60)
        before = {place: page.evaluate(WORDS) for place, page in pages.items()}
        for place, page in pages.items():
            page.reload()
            reads(page, before[place])
        for place, context in contexts.items():  # a closed tab, and the same link again
            pages[place].close()
            page = context.new_page()
            page.goto(host.url("1", place))
            reads(page, before[place])
            pages[place] = page
        assert len(host.hubs["1"].doors.devices) == len(PLACES)
        for context in contexts.values():
            context.close()


def test_two_seats_in_one_browser_are_two_seats(opened: Opener) -> None:
    one = opened("united_states")
    other = opened("china", context=one.context)
    one.reload()
    one.wait_for_selector("header")
    assert "United States" in one.inner_text("header")
    assert "China" in other.inner_text("header")


def test_a_seat_is_joined_by_a_code_in_three_steps(opened: Opener, browser: Any, host: Host) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(host.own_base)
    page.fill("#code", host.hubs["1"].doors.codes["china"])
    page.click("button[type=submit]")
    page.wait_for_selector("header")
    assert "China" in page.inner_text("header")
    context.close()


def test_a_second_tab_takes_over_and_the_first_says_so(opened: Opener) -> None:
    first = opened("united_states")
    opened("united_states", context=first.context)
    first.wait_for_selector("text=goes on there")
    first.click("text=Go on here")
    first.wait_for_selector("header")


def test_a_host_that_goes_and_comes_is_found_again(browser: Any, table: Table) -> None:
    from game.web.network import LOOPBACK, listen

    with hosted(table) as host:
        context = browser.new_context(viewport={"width": 360, "height": 740})
        page = context.new_page()
        page.goto(host.url("1", "united_states"))
        page.wait_for_selector("text=connected")
        port = host.port
    page.wait_for_selector("text=reconnecting")
    back = Host({"1": table}, listen(LOOPBACK, port, public=False))
    try:
        page.wait_for_selector("header .good")
        pick_a_move(page)
    finally:
        context.close()
        back.close()


@pytest.mark.parametrize("table", [SEALED], indirect=True)
def test_a_plan_is_made_sealed_and_played(opened: Opener, table: Table) -> None:
    mine, other = opened("united_states"), opened("china", (1366, 768))
    pick_a_move(mine)
    mine.click("#do")
    shows(mine, f"1 of {table.slots} moves", "#seal")
    mine.click("#seal")
    mine.wait_for_selector("#unseal")
    shows(other, "sealed", ".strip")
    other.click("#seal")
    shows(mine, "Round 2", "main")
    assert {node.seat for node in table.sitting.record.main_line()} == {"united_states", "china"}


def test_names_are_text_wherever_they_stand(opened: Opener) -> None:
    chief = opened("facilitator", (1366, 768))
    chief.fill("#team-china", "<img src=x onerror=alert(1)>")
    chief.click("#rename-china")
    board = opened("board", (1366, 768))
    shows(board, "<img src=x")
    assert board.locator("img").count() == 0


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("place", ["united_states", "board", "facilitator"])
def test_no_page_scrolls_sideways_and_every_target_is_large_enough(
    opened: Opener, place: str, size: tuple[int, int]
) -> None:
    page = opened(place, size)
    if size == SIZES[0]:
        page.evaluate("document.documentElement.style.fontSize = '200%'")
    for tab in ("board", "plan", "log", "seat") if place == "united_states" and size[0] < 1000 else ("",):
        if tab:
            page.evaluate(f"document.getElementById('tab-{tab}').click()")
            page.wait_for_selector(f".tab-{tab}")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert page.evaluate(SMALL_TARGETS) == []
        assert axe_finds(page) == []


def axe_finds(page: Any) -> list[str]:
    """What axe-core holds against a page as it stands."""
    page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(AXE_RUN)
    return found


def test_a_turn_can_be_played_with_the_keyboard_alone(opened: Opener, table: Table) -> None:
    page = opened("united_states", (1366, 768))
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "pass":
            break
    page.keyboard.press("Enter")
    shows(page, "It is the turn of China")
    assert table.sitting.seat == "china"


def test_the_secret_agenda_shows_only_while_it_is_held(opened: Opener, table: Table) -> None:
    page = opened("united_states")
    agenda = table.sitting.game.agendas("united_states")
    if not agenda:
        pytest.skip("this scenario has no agendas")
    page.click("#tab-seat")
    assert agenda[0].text not in page.inner_text("body")
    page.locator("#secret").dispatch_event("pointerdown")
    shows(page, agenda[0].title)
    page.locator("#secret").dispatch_event("pointerup")
    until(page, f"!document.body.innerText.includes({agenda[0].title!r})")


def test_a_browser_without_javascript_is_told_what_to_do(browser: Any, host: Host) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(host.url("1", "china"))
    assert "needs JavaScript" in page.inner_text("body")
    context.close()


def test_a_deal_is_offered_on_one_device_and_agreed_to_on_another(opened: Opener, table: Table) -> None:
    mine, other, chief = opened("united_states"), opened("china"), opened("facilitator", (1366, 768))
    mine.click("#tab-log")
    mine.click("#deal summary")
    mine.click("#deal-add")
    until(mine, "!document.getElementById('deal-offer').disabled")  # the page is drawn anew after the term
    mine.evaluate(TWICE, "deal-offer")
    shows(other, "1", "nav .badge")
    other.click("#see-offer")
    until(other, "document.activeElement.id === 'agree-1'")
    other.keyboard.press("Enter")
    shows(mine, "agreed")
    chief.click("#talk")
    chief.fill("#say-text", "Five minutes")
    chief.click("#say-send")
    shows(other, "Five minutes")
    until(chief, "document.getElementById('say-text').value === ''")
    other.click("#tab-board")
    chief.fill("#say-text", "Four minutes")
    chief.click("#say-send")
    shows(other, "1", "nav .badge")
    other.click("#tab-log")
    until(other, "!document.querySelector('nav .badge')")
    mine.fill("#say-text", "Thank you <b>all</b>")
    mine.evaluate(TWICE, "say-send")
    shows(other, "Thank you <b>all</b>")
    assert [deal.state for deal in table.talk.deals.values()] == ["agreed"]
    assert len(table.talk.messages) == 3


def test_an_offer_that_nobody_answered_asks_for_nothing_once_the_game_is_over(opened: Opener, table: Table) -> None:
    terms = [{"by": "china", "kind": "text", "until": 8, "text": "We stay calm"}]
    assert order(table, "offer", "china", seat="united_states", terms=terms).ok
    mine = opened("united_states")
    shows(mine, "1", "nav .badge")
    while not table.sitting.game.over:
        assert play(table, "pass").ok
    shows(mine, "The game is over")
    assert not mine.locator("nav .badge").count()
    mine.click("#tab-log")
    shows(mine, "We stay calm")
    assert not mine.locator("#agree-1").count()


def test_a_term_without_its_number_is_not_added(opened: Opener) -> None:
    mine = opened("united_states")
    mine.click("#tab-log")
    mine.click("#deal summary")
    mine.select_option("#deal-kind", "track")
    mine.click("#deal-add")
    assert mine.is_disabled("#deal-offer")
    mine.fill("#deal-value", "50")
    mine.click("#deal-add")
    shows(mine, "at least 50, until round 1")
