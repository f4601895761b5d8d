"""Class mode: thirty browsers join without names, one vote a device, and nothing is told before the reveal."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from game.errors import UsageError
from game.records import lessons
from game.table.voting import ENDED, REVEALED, VOTING, Ballot
from game.web.classroom import Classroom
from game.web.network import LOOPBACK, listen
from tests.chromium import browsers, chromium

THIRTY = 30
HELD_BACK = ("tally", "played", "strong", "luck", "texts", "good", "learned")


@pytest.fixture
def ballot() -> Ballot:
    return Ballot(lessons.load(lessons.names()[0]))


@pytest.fixture
def classroom(ballot: Ballot) -> Iterator[Classroom]:
    found = Classroom(ballot, listen(LOOPBACK, 0, False))
    yield found
    found.close()


def test_a_device_has_one_vote_which_it_may_change_until_the_reveal(ballot: Ballot) -> None:
    first, second = list(ballot.question.answers)[:2]
    token = ballot.join()
    ballot.vote(token, 0, first)
    ballot.vote(token, 0, second)
    assert ballot.votes[0] == {token: second}
    ballot.reveal()
    with pytest.raises(UsageError, match="closed"):
        ballot.vote(token, 0, first)


def test_votes_of_strangers_for_closed_questions_or_for_no_move_are_refused(ballot: Ballot) -> None:
    move = next(iter(ballot.question.answers))
    with pytest.raises(UsageError, match="has not joined"):
        ballot.vote("x", 0, move)
    token = ballot.join()
    with pytest.raises(UsageError, match="closed"):
        ballot.vote(token, 1, move)
    with pytest.raises(UsageError, match="no legal move"):
        ballot.vote(token, 0, "win")


def test_nothing_of_the_answer_is_told_before_the_reveal(ballot: Ballot) -> None:
    token = ballot.join()
    ballot.vote(token, 0, next(iter(ballot.question.answers)))
    for told in (ballot.for_device(token), ballot.for_teacher()):
        assert not set(HELD_BACK) & told.keys()
        assert "short of the best move" not in json.dumps(told)
    assert "mine" not in ballot.for_teacher() and ballot.for_teacher()["voted"] == 1
    ballot.reveal()
    assert ballot.for_device(token)["tally"][0]["votes"] == 1


def test_questions_follow_each_other_and_none_is_skipped(ballot: Ballot) -> None:
    ballot.onward()
    assert (ballot.at, ballot.phase) == (0, VOTING)
    for n in range(len(ballot.lesson.questions)):
        assert (ballot.at, ballot.phase) == (n, VOTING)
        ballot.reveal()
        assert ballot.phase == REVEALED
        ballot.onward()
    assert ballot.phase == ENDED and ballot.for_teacher()["learned"]


def test_the_table_has_a_row_for_each_device(ballot: Ballot) -> None:
    right = ballot.question.accept[0]
    wrong = next(text for text, answer in ballot.question.answers.items() if not answer.right)
    tokens = [ballot.join() for _ in range(3)]
    ballot.vote(tokens[0], 0, right)
    ballot.vote(tokens[1], 0, wrong)
    head, *rows = ballot.rows()
    assert head[:3] == ["device", "q1", "q1_right"]
    assert [row[:3] for row in rows] == [[1, right, 1], [2, wrong, 0], [3, "", ""]]


def post(url: str, body: object, **headers: str) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def test_only_whoever_has_the_key_leads_and_other_pages_may_not_vote(classroom: Classroom) -> None:
    for where, body, origin in (
        ("lead", {"key": "x", "do": "reveal"}, classroom.url.rstrip("/")),
        ("state", {}, "http://elsewhere.test"),
    ):
        with pytest.raises(urllib.error.HTTPError) as refused:
            post(f"{classroom.url}{where}", body, Origin=origin)
        assert refused.value.code == 403
    assert classroom.ballot.phase == VOTING


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"x" * 9_000, b'{"device": 3, "at": "x", "move": []}'])
def test_rubbish_is_answered_with_a_sentence(classroom: Classroom, body: bytes) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        post(f"{classroom.url}vote", body, Origin=classroom.url.rstrip("/"))
    assert refused.value.code == 409 and json.load(refused.value)["sentence"]


@browsers
@pytest.mark.slow
def test_thirty_browsers_vote_and_see_nothing_before_the_reveal(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    ballot = classroom.ballot
    answers = list(ballot.question.answers)
    heard: list[str] = []
    asked = ballot.for_device

    def told(token: str) -> dict[str, Any]:
        found = asked(token)
        if ballot.phase == VOTING:
            heard.append(json.dumps(found))
        return found

    monkeypatch.setattr(ballot, "for_device", told)
    with chromium() as browser:
        pages = []
        for _ in range(THIRTY):
            page = browser.new_context(viewport={"width": 360, "height": 640}).new_page()
            page.goto(classroom.url)
            pages.append(page)
        for n, page in enumerate(pages):
            page.locator(f'[data-move="{answers[n % len(answers)]}"]').click(timeout=60_000)
            page.get_by_text("Your vote:").wait_for(timeout=60_000)
        again = pages[0]
        again.locator(f'[data-move="{answers[1]}"]').click()
        again.reload()
        again.get_by_text("Your vote:").wait_for(timeout=60_000)
        assert len(ballot.votes[0]) == THIRTY
        assert len(heard) > THIRTY
        assert not [text for text in heard if any(f'"{key}"' in text for key in HELD_BACK)]
        assert not any(page.locator(".tally").count() for page in pages)
        room = browser.new_context().new_page()
        room.goto(f"http://{LOOPBACK}:{classroom.port}/teacher#{classroom.key}")
        room.get_by_text(f"{THIRTY} joined, {THIRTY} voted").wait_for(timeout=60_000)
        assert room.locator(".tally").count() == 0
        room.locator("#reveal").click()
        room.locator(".tally").wait_for(timeout=60_000)
        for page in pages:
            page.locator(".tally").wait_for(timeout=60_000)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
