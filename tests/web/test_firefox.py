"""Debian's Firefox at a real host, by WebDriver BiDi; skipped, and told why, where there is none."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from game.table.table import Table
from game.web.host import Host
from tests.web import firefox
from tests.web.tables import hosted, new_table
from tests.web.test_browser import AXE, AXE_RUN, PHONE, SIZES, SMALL_TARGETS

pytestmark = pytest.mark.skipif(firefox.PROGRAM is None, reason="firefox-esr is not installed; .ci/apt installs it")
SHOWN = "!!document.querySelector('header .good')"


@pytest.fixture(scope="module")
def browser() -> Iterator[firefox.Firefox]:
    with firefox.started() as found:
        yield found


@pytest.fixture
def table() -> Table:
    return new_table(clock=time.monotonic)


@pytest.fixture
def host(table: Table) -> Iterator[Host]:
    with hosted(table) as found:
        yield found


def opened(browser: firefox.Firefox, host: Host, place: str, size: tuple[int, int] = PHONE) -> firefox.Firefox:
    browser.resize(size)
    browser.goto(host.url("1", place))
    browser.until(SHOWN)
    return browser


def test_a_whole_turn_is_played_and_a_reload_keeps_the_seat(browser: firefox.Firefox, host: Host, table: Table) -> None:
    page = opened(browser, host, "united_states")
    page.click(".move")
    for _ in range(4):
        page.until("!!document.querySelector('.card .picks button, #do')")
        if page.evaluate("!!document.querySelector('#do')"):
            break
        page.click(".card .picks button")
        time.sleep(0.3)
    page.click("#do")
    page.until(f"document.body.innerText.includes('{table.slots - 1} of {table.slots} moves left')")
    page.reload()
    page.until(SHOWN)
    assert "#" not in page.evaluate("location.href")
    page.click("#pass")
    page.until("document.body.innerText.includes('It is the turn of China')")
    assert [node.seat for node in table.sitting.record.main_line()] == ["united_states"] * 2
    assert len(host.hubs["1"].doors.devices) == 1


def test_every_control_is_reached_with_the_tab_key(browser: firefox.Firefox, host: Host) -> None:
    """That Enter then presses it is tested in Chromium: a Firefox without a desktop has no focus to press it with."""
    page = opened(browser, host, "united_states", (1366, 768))
    seen = "[...document.querySelectorAll('button:enabled')].filter((each) => each.checkVisibility())"
    wanted = set(page.evaluate(f"{seen}.map((each) => each.id)"))
    reached = set()
    for _ in range(len(wanted) + 20):
        page.press("Tab")
        reached.add(page.evaluate("document.activeElement.id"))
    assert wanted <= reached


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("place", ["united_states", "board", "facilitator"])
def test_pages_fit_targets_are_large_and_axe_finds_nothing(
    browser: firefox.Firefox, host: Host, place: str, size: tuple[int, int]
) -> None:
    page = opened(browser, host, place, size)
    if size == SIZES[0]:
        page.evaluate("document.documentElement.style.fontSize = '200%'")
    for tab in ("board", "plan", "log", "seat") if place == "united_states" and size[0] < 1000 else ("",):
        if tab:
            page.evaluate(f"document.getElementById('tab-{tab}').click()")
            page.until(f"!!document.querySelector('.tab-{tab}')")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert page.evaluate(SMALL_TARGETS) == []
        page.run(AXE.read_text())
        assert page.evaluate(AXE_RUN) == []
