"""Everything on paper for one class: a plan by the minute, a teaching note, role sheets, log, quiz, rubric, slides."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from game.core.game import Game
from game.errors import UsageError
from game.moves import Move
from game.narrative.sight import board_of
from game.paper import briefs
from game.prose.citations import footnotes
from game.prose.numbers import counted
from game.records.files import write_atomic
from game.records.lessons import Answer, Lesson, Question
from game.records.positions import Positions
from game.templates import render
from rules.model.rulebook import RoleDef, Scenario, SeatDef

PAPERS = ("A4", "letter")
LEAST, MOST = 20, 480
"""Minutes that a class can have."""
CHOICES = 4
SOURCES = 8
FACTS = "docs/facts.md"

RUBRIC = (
    ("Aim", "Names a wish.", "Names an aim and a move that serves it.", "Weighs two aims against each other."),
    ("Reason", "Says what was played.", "Says why, by one cause.", "Follows a cause over two steps or more."),
    ("The others", "Looks at the own seat alone.", "Foresees an answer.", "Plans for two answers of another seat."),
    (
        "The model",
        "Takes it for the world.",
        "Names a thing that it leaves out.",
        "Says which number would change a result.",
    ),
)
SHEETS = {
    "index": "Contents", "plan": "Minute plan", "note": "Teaching note", "log": "Decision log", "quiz": "Quiz",
    "key": "Key to the quiz", "rubric": "Rubric", "glossary": "Glossary", "slides": "Slides",
}  # fmt: skip
OF_A_GAME = ("log", "rubric")
"""Sheets that a class needs which plays, and not one that takes a lesson together."""
LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class Pack:
    """What the sheets are filled in from: one game that has just begun, and a lesson in the same scenario."""

    game: Game
    minutes: int
    groups: int
    paper: str
    lesson: Lesson | None

    @property
    def scenario(self) -> Scenario:
        """The scenario that is played."""
        return self.game.scenario

    @property
    def seed(self) -> int:
        """The game's seed, by which agendas are drawn."""
        return self.game.seed

    @property
    def rules(self) -> str:
        """The rulebook, named."""
        return f"{self.game.book.title}, version {self.game.book.version}"

    @property
    def games(self) -> int:
        """Games a move in which the lesson was measured."""
        return int(self.lesson.header.measured.get("games", 0)) if self.lesson is not None else 0

    @property
    def together(self) -> bool:
        """Whether the class takes the lesson together: where there is time for less than half of the game."""
        return self.lesson is not None and 2 * self.rounds_played < self.scenario.rounds

    @property
    def sheets(self) -> dict[str, str]:
        """The sheets of the class, and their titles."""
        return {kind: title for kind, title in SHEETS.items() if not (self.together and kind in OF_A_GAME)}

    @property
    def secrets(self) -> bool:
        """Whether some seat has a secret agenda."""
        return any(self.game.agendas(seat) for seat in self.game.seats)

    # ---------------------------------------------------------------------------------------- the time

    @property
    def _frame(self) -> tuple[int, int, int]:
        """Minutes before, after and at the end of play: welcome and roles, debrief, quiz."""
        whole = self.minutes
        return max(5, whole // 6), max(6, whole // 5), 5 if whole >= 45 else 0

    @property
    def round_minutes(self) -> int:
        """Minutes of a round: what is left for play, shared among the rounds, five at least."""
        return max(5, (self.minutes - sum(self._frame)) // self.scenario.rounds)

    @property
    def rounds_played(self) -> int:
        """Rounds that there is time for."""
        return max(1, min(self.scenario.rounds, (self.minutes - sum(self._frame)) // self.round_minutes))

    @property
    def schedule(self) -> list[tuple[int, int, str, str]]:
        """From and to in minutes, what happens, and what whoever leads does."""
        return self._lesson_schedule() if self.together else self._game_schedule()

    def _lesson_schedule(self) -> list[tuple[int, int, str, str]]:
        before, after = max(3, self.minutes // 7), max(4, self.minutes // 5)
        asked = self.lesson.questions if self.lesson is not None else ()
        each = max(1, (self.minutes - before - after) // len(asked))
        rows = [
            (0, before, "Welcome", "Slides 1 to 3. Who holds the belief on slide 2? Count the hands, write it down.")
        ]
        at = before
        for number, question in enumerate(asked, 1):
            slide = 2 * number + 2
            rows.append((at, at + each, f"Question {number}: {question.chapter}",
                         f"Slide {slide}, read it out. Half the time to choose and to tell a neighbour why, then vote. "
                         f"Slide {slide + 1} or “Reveal”; two say why, then the key says it."))  # fmt: skip
            at += each
        end = "The last two slides. Who holds the belief now? Name one thing that the model leaves out."
        return [*rows, (at, self.minutes, "What was learned", end)]

    def _game_schedule(self) -> list[tuple[int, int, str, str]]:
        before, after, quiz = self._frame
        rows = [
            (
                0,
                before // 2,
                "Welcome",
                "Slides 1 to 3. Say the belief of the teaching note aloud and ask who holds it.",
            )
        ]
        folded = ", agendas folded" if self.secrets else ""
        rows.append((before // 2, before, "Roles", f"Role sheets out{folded}. Each team names its aim in the log."))
        at = before
        for number in range(1, self.rounds_played + 1):
            how = (
                "Every group plays, and writes why before the round ends."
                if number == 1
                else "Play, write, read out one reason."
            )
            rows.append((at, at + self.round_minutes, f"Round {number}", how))
            at += self.round_minutes
        end = self.minutes - quiz
        rows.append(
            (
                at,
                end,
                "Debrief",
                f"Questions of the teaching note; the class page if files are in. At least {counted(after, 'minute')}.",
            )
        )
        if quiz:
            rows.append((end, self.minutes, "Quiz", "By oneself. The key is for the next class."))
        return rows

    # -------------------------------------------------------------------------------------- the matter

    @property
    def seats(self) -> list[tuple[SeatDef, list[RoleDef]]]:
        """Each seat with its roles."""
        return [(seat, [self.game.book.roles[role] for role in seat.roles]) for seat in self.scenario.seats]

    @property
    def quiz(self) -> list[tuple[Question, list[tuple[str, Answer]]]]:
        """Questions with a few choices each, by title: right ones and the likeliest wrong ones."""
        if self.lesson is None:
            return []
        positions = Positions(self.lesson.record)
        asked = []
        for question in self.lesson.questions:
            game = positions.game(question.node)
            wrong = [
                text for text, answer in question.answers.items() if not answer.right and text not in question.likely
            ]
            texts = list(dict.fromkeys([question.accept[0], *question.likely, *wrong]))[:CHOICES]
            moves = [Move.parse(text) for text in texts]
            asked.append((question, sorted((game.describe(move), question.answer(move)) for move in moves)))
        return asked

    @property
    def rubric(self) -> tuple[tuple[str, str, str, str], ...]:
        """What is graded, at three levels."""
        return RUBRIC

    @property
    def glossary(self) -> list[tuple[str, str]]:
        """The words of the board, with what they mean."""
        board, tracks = board_of(self.game), self.game.book.tracks
        names = dict.fromkeys(
            [*board.of_seat, *board.of_world, *board.of_side, *([board.shares] if board.shares else [])]
        )
        return sorted((tracks[name].title, tracks[name].about) for name in names if tracks[name].about)

    @property
    def sources(self) -> list[str]:
        """Where the facts behind lesson and cards are found, numbered as footnotes."""
        mine = list(self.lesson.header.sources) if self.lesson is not None else []
        told = [event for event in self.game.engine.layout.events if event.source][:SOURCES]
        cards = [f"{event.title}: {event.source} ({FACTS})" for event in told]
        return [*mine, *cards, *footnotes(event.source for event in told)]

    @property
    def slides(self) -> list[tuple[str, list[str]]]:
        """Titles and lines, a slide each."""
        return self._lesson_slides() if self.together else self._game_slides()

    def _lesson_slides(self) -> list[tuple[str, list[str]]]:
        assert self.lesson is not None
        header = self.lesson.header
        found = [
            (header.title, [header.about]),
            ("Is this true?", [header.misconception.claim]),
            ("Who you are", list(header.goal)),
        ]
        for number, (question, choices) in enumerate(self.quiz, 1):
            told = [text for text in (question.recap, *question.since) if text]
            letters = dict(zip(LETTERS, choices, strict=False))
            found.append((f"{number}. {question.chapter}", [
                *told, question.prompt, *(f"{letter}: {title}" for letter, (title, _) in letters.items()),
            ]))  # fmt: skip
            right = [(letter, *choice) for letter, choice in letters.items() if choice[1].good]
            found.append((f"{number}. {question.chapter}: what came of it", [
                line for letter, title, answer in right for line in (f"{letter}: {title}", *answer.texts)
            ]))  # fmt: skip
        found.append(("What was learned", [header.misconception.met, header.learned]))
        found.append(("Where the model may be wrong", [header.limits]))
        return found

    def _game_slides(self) -> list[tuple[str, list[str]]]:
        scenario, book = self.scenario, self.game.book
        found = [
            (scenario.title, [scenario.summary, f"{counted(scenario.rounds, 'round')}, {self.minutes} minutes"]),
            ("Give away, or hold back", [
                "What is given away: open models, standards, know-how.",
                "What is held back: chips, tools, minerals, markets.",
                "Twice a round every seat decides what to give and what to hold.",
            ]),
            ("Who plays", [f"{seat.title}: {' '.join(role.wants for role in roles)}" for seat, roles in self.seats]),
            ("What can be done", list(book.families.values())),
            ("What counts", [book.goals.about]),
        ]  # fmt: skip
        if self.lesson is not None:
            header = self.lesson.header
            found.append(("Is this true?", [header.misconception.claim]))
            found.append(("What was learned", [header.misconception.met, header.learned]))
            found.append(("Where the model may be wrong", [header.limits]))
        return found

    @property
    def contents(self) -> list[tuple[str, str, str, str]]:
        """File, title, copies and for whom, of every sheet."""
        teams = self.groups * len(self.game.seats)
        whom = {
            "log": (str(teams), "every team"),
            "quiz": ("–", "whoever has no phone") if self.together else (str(teams), "every team, or everybody"),
            "glossary": ("1", "you") if self.together else (str(self.groups), "every group"),
            "slides": ("–", "the projector"),
        }  # fmt: skip
        found = [(file, title, *whom.get(kind, ("1", "you"))) for file, kind, title in self._numbered()]
        if self.together:
            return found[1:]
        for at, seat in enumerate(self.scenario.seats, 1):
            found.append((f"role_{at}_{seat.name}.html", f"Role sheet: {seat.title}", str(self.groups), "the team"))
        for at, seat in enumerate(self.scenario.seats, 1):
            if self.game.agendas(seat.name):
                title = f"Agenda: {seat.title}"
                found.append((f"agenda_{at}_{seat.name}.html", title, str(self.groups), "the team, folded"))
        return found[1:]

    def _numbered(self) -> list[tuple[str, str, str]]:
        """Return each sheet's file, kind and title."""
        return [(f"{at}_{kind}.html", kind, title) for at, (kind, title) in enumerate(self.sheets.items())]

    def pages(self) -> dict[str, str]:
        """Return every sheet as a page, by its file's name."""
        found = {
            file: render("pack/sheet.html", pack=self, kind=kind, heading=title)
            for file, kind, title in self._numbered()
        }
        if self.together:
            return found
        for part, name in (("brief", "role"), ("sealed", "agenda")):
            for at, (seat, page) in enumerate(briefs.briefs(self.game, part=part).items(), 1):
                if part == "brief" or self.game.agendas(seat):
                    found[f"{name}_{at}_{seat}.html"] = page.replace("size: A4", f"size: {self.paper}")
        return found

    def write(self, folder: Path) -> list[Path]:
        """Write all sheets into a folder; return the files.

        Raises:
            UsageError: The folder is a file.
        """
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{folder} is a file", "name a folder")
        folder.mkdir(parents=True, exist_ok=True)
        for name, page in (pages := self.pages()).items():
            write_atomic(folder / name, page.encode())
        return [folder / name for name in pages]


def pack(game: Game, minutes: int, groups: int, paper: str, lesson: Lesson | None) -> Pack:
    """Return the pack of a game that has just begun.

    Raises:
        UsageError: Minutes, groups or the paper are out of what there is.
    """
    if not LEAST <= minutes <= MOST:
        raise UsageError(f"a class of {minutes} minutes has no plan", f"give a number from {LEAST} to {MOST}")
    if not 1 <= groups <= 200:
        raise UsageError(f"there cannot be {groups} groups", "give a number from 1 to 200")
    if paper not in PAPERS:
        raise UsageError(f"there is no paper '{paper}'", f"choose from {', '.join(PAPERS)}")
    return Pack(game, minutes, groups, paper, lesson)
