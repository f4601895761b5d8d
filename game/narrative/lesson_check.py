"""Checks a lesson before a class sees it: what it asks, what it takes for right, and how it is worded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from game.core.game import Game
from game.errors import ChokepointError
from game.moves import Move
from game.narrative.answers import Measurement, criterion_title, difference, measurable
from game.prose.lexicon import clean
from game.prose.numbers import counted, joined, number
from game.records.lessons import Lesson, MeasuredAnswer, Question
from game.records.positions import Positions
from rules.model.rulebook import Rulebook

LONGEST_PROMPT = 280
MOST_RIGHT = 3
SHARED_WORDS = 8
GOAL_SENTENCES = 3
HARDEST = 12.0
"""Characters of a prompt; right answers of a question; words in a row that a hint may not share with a card; sentences
of the goal card; school years that the prose may ask for (Flesch-Kincaid)."""
BALANCING = re.compile(
    r"\b(balanc(?:e|ed|ing) (?:note|change|patch)|rebalanc\w+|overpowered|underpowered|too (?:strong|weak) (?:a|in) "
    r"|nerf\w*|buff(?:ed|s)?\b|playtest\w*|would never be (?:built|played|chosen)|win rate"
    r"|bots? (?:score|won)|game balance|house rule)",
    re.IGNORECASE,
)
"""What is said to whoever balances a game, and never to a class."""


@dataclass(frozen=True, slots=True)
class LessonFault:
    """Something that is wrong with a lesson: where, what, and what to do."""

    where: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}{f'; {self.hint}' if self.hint else ''}"


@dataclass(frozen=True, slots=True)
class LessonReport:
    """What came of a check: the faults, and the school years that the prose asks for."""

    lesson: str
    questions: int
    grade: float
    faults: tuple[LessonFault, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def __str__(self) -> str:
        found = counted(len(self.faults), "fault") if self.faults else "no fault"
        return f"{self.lesson}: {counted(self.questions, 'question')}, reading level {number(self.grade, 1)}, {found}"


def check_lesson(lesson: Lesson) -> LessonReport:
    """Return everything that is wrong with a lesson, as it stands in its file.

    Raises:
        RecordError: The game cannot be set up at all.
    """
    positions = Positions(lesson.record)
    faults = list(_header_faults(lesson))
    for at, question in enumerate(lesson.questions, 1):
        where = f"chapter {at} “{question.chapter}”"
        if positions.reach(question.node) != question.node:
            reason = next(iter(positions.diverged.values()), "the game does not get there")
            faults.append(LessonFault(where, f"the game no longer replays: {reason}", "build the lesson again"))
            continue
        faults += [LessonFault(where, *each) for each in question_faults(question, positions.game(question.node))]
    prose = " ".join([*_texts(lesson), *(text for question in lesson.questions for text in _authored(question))])
    grade = reading_grade(prose)
    if grade > HARDEST:
        faults.append(
            LessonFault("the prose", f"asks for {number(grade, 1)} years of school, at most {number(HARDEST)} are fit",
                        "write shorter sentences and shorter words")
        )  # fmt: skip
    return LessonReport(lesson.name, len(lesson.questions), grade, tuple(faults))


def measured_faults(lesson: Lesson, measured: Sequence[Measurement]) -> Iterator[LessonFault]:
    """Return where a lesson's answers do not hold when they are measured again.

    Every accepted move must lie above every refused one with its whole range.
    """
    asked = [question for question in lesson.questions if question.criterion is not None]
    for question, found in zip(asked, measured, strict=True):
        right = [one for one in found.outcomes if question.answer(one.move).good]
        wrong = [one for one in found.outcomes if not question.answer(one.move).good]
        for mine in right:
            bad = [one for one in wrong if difference(mine.values, one.values).low <= 0]
            if bad:
                names = joined([f"“{found.game.describe(one.move, found.seat)}”" for one in bad[:3]])
                title = found.game.describe(mine.move, found.seat)
                by = criterion_title(found.game, found.criterion)
                what = f"measured again, “{title}” is not better than {names} by {by}"
                yield LessonFault(f"“{question.chapter}”", what, "build the lesson again, with more games")


def _texts(lesson: Lesson) -> list[str]:
    header = lesson.header
    return [
        header.about, header.objective, *header.goal, header.misconception.claim, header.misconception.met,
        header.learned, header.limits,
    ]  # fmt: skip


def _authored(question: Question) -> list[str]:
    """Return what was written by hand for a question."""
    said = dict.fromkeys(answer.says for answer in question.answers.values() if answer.says)
    return [question.prompt, question.hint, question.recap, *said, *question.right.values(), *question.wrong.values()]


def _header_faults(lesson: Lesson) -> Iterator[LessonFault]:
    header = lesson.header
    for key, text in (
        ("objective", header.objective), ("about", header.about), ("learned", header.learned),
        ("limits", header.limits), ("misconception", header.misconception.claim and header.misconception.met),
    ):  # fmt: skip
        if not text:
            yield LessonFault("the header", f"'{key}' is missing", "write it at the head of the source")
    if len(header.goal) != GOAL_SENTENCES or not all(header.goal):
        yield LessonFault(
            "the header", f"'goal' has {counted(len(header.goal), 'sentence')}, not {GOAL_SENTENCES}",
            "say who one is, what one wants, and how it is scored",
        )  # fmt: skip
    if not header.minutes:
        yield LessonFault("the header", "'minutes' is missing", "say how long it takes")


def question_faults(question: Question, game: Game) -> Iterator[tuple[str, str]]:
    """Find what is wrong with a question, asked in a position, and what to do."""
    legal = {str(move) for move in game.legal()}
    if len(question.prompt) > LONGEST_PROMPT:
        yield f"the question has {len(question.prompt)} characters, at most {LONGEST_PROMPT} are fit", "shorten it"
    if question.criterion is None:
        yield "names no criterion", "say what the moves are measured by"
    else:
        try:
            measurable(game, question.criterion)
        except ChokepointError as error:
            yield f"cannot be measured: {error.message}", error.hint
    named = {*question.accept, *question.answers, *question.wrong} - {"others"}
    for text in sorted(each for each in named if each not in legal and not _bare(each, legal)):
        yield f"'{text}' is not legal here", "build the lesson again"
    right = {move for move in legal if question.answer(Move.parse(move)).good}
    if len(right) > MOST_RIGHT:
        yield f"accepts {len(right)} moves, and more than {MOST_RIGHT} are no question", "ask elsewhere or otherwise"
    if missing := sorted(legal - set(question.answers)):
        rest = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        yield f"has no answer to {', '.join(missing[:3])}{rest}", "build the lesson again"
    if question.criterion is not None:
        yield from _range_faults(question, up=question.criterion.aim == "up")
    for text in (*question.accept[:MOST_RIGHT], *question.likely):
        found = question.answers.get(text)
        if found is not None and not found.says:
            kind = "right" if found.right else "likely"
            yield (
                f"the author says nothing to the {kind} answer '{text}'",
                f"write '### {text}' and a sentence (in the window: a comment on that move)",
            )
    if not question.hint:
        yield "has no hint", "write one (in a source: '### Hint')"
    yield from _word_faults(question, game.book)


def _bare(text: str, legal: set[str]) -> bool:
    return any(move.partition(" ")[0] == text for move in legal)


def _range_faults(question: Question, *, up: bool) -> Iterator[tuple[str, str]]:
    """Find right answers that do not lie above wrong ones, by the numbers in the file."""

    def ends(answer: MeasuredAnswer) -> tuple[float, float]:
        return (answer.low, answer.high) if up else (-answer.high, -answer.low)

    accepted = [answer for text, answer in question.answers.items() if text in question.accept]
    refused = {text: answer for text, answer in question.answers.items() if text not in question.accept}
    if any(not answer.right for answer in accepted) or any(answer.right for answer in refused.values()):
        yield "what it accepts and what its answers call right differ", "build the lesson again"
    if not accepted:
        return
    floor = min(ends(answer)[0] for answer in accepted)
    for text, answer in refused.items():
        if ends(answer)[1] >= floor:
            yield f"the range of '{text}' touches that of a right answer", "measure with more games"


def _word_faults(question: Question, book: Rulebook) -> Iterator[tuple[str, str]]:
    if shared := shared_words(question.hint, _cards(book)):
        yield f"the hint shares '{shared}' with a card", "say it in other words"
    for text in _authored(question):
        if note := BALANCING.search(text):
            yield f"'{note[0]}' is a note on balancing, in: {text[:60]}…", "say what it means in the world"


def _cards(book: Rulebook) -> list[str]:
    moves = [text for move in book.moves.values() for text in (move.about, move.why, move.counter, move.disputed)]
    events = [text for event in book.events.values() for text in (event.text, event.note, event.contrary)]
    return [*moves, *events, *(track.about for track in book.tracks.values())]


def shared_words(text: str, cards: Sequence[str]) -> str:
    """Return the first ``SHARED_WORDS`` words in a row that a text has in common with one of the cards."""
    known = {run for card in cards for run in _runs(clean(card))}
    return next((" ".join(run) for run in _runs(text) if run in known), "")


def _runs(text: str) -> list[tuple[str, ...]]:
    words = re.findall(r"[\w'’-]+", text.lower())
    return [tuple(words[n : n + SHARED_WORDS]) for n in range(len(words) - SHARED_WORDS + 1)]


def reading_grade(text: str) -> float:
    """Return the years of school that a text asks for.

    Flesch-Kincaid grade: 0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid et al. 1975).
    """
    words = re.findall(r"[A-Za-z][A-Za-z'’-]*", text)
    sentences = max(1, len(re.findall(r"[.!?]+(?=\s|$)", text)))
    if not words:
        return 0.0
    syllables = sum(_syllables(word.lower()) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def _syllables(word: str) -> int:
    """Return a word's syllables: groups of vowels, without a silent e at the end."""
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith(("e", "es", "ed")) and not word.endswith(("le", "les", "ted", "ded", "ses", "ches", "ee"))
    return max(1, groups - silent)
