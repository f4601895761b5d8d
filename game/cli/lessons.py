"""What ``chokepoint lesson`` says in a terminal: the lessons, and how to take one."""

from __future__ import annotations

import textwrap

from game.prose.numbers import counted
from game.records import lessons

HOW = "Take one on a machine with a display: chokepoint lesson NAME"
WIDTH = 79
"""Columns of a terminal that lines keep to."""


def lesson_table() -> str:
    """The shipped lessons: name, title, minutes, questions and what each is about; then how to take one."""
    parts = []
    for name in lessons.names():
        found = lessons.load(name)
        head = f"{name}  {found.title} ({found.minutes} minutes, {counted(len(found.questions), 'question')})"
        about = textwrap.fill(found.about, WIDTH, initial_indent="    ", subsequent_indent="    ")
        parts.append(f"{head}\n{about}")
    return "\n".join([*parts, "", HOW])
