"""A group of commands as all of ours are: no shell completion, no tracebacks, ``-h``, and help that is always there."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from game.prose.numbers import joined
from rules.model.faults import nearest

Function = TypeVar("Function", bound=Callable[..., Any])


class CommandGroup(typer.Typer):
    """typer's application with our settings. A command's help is its docstring."""

    def __init__(self, **options: Any) -> None:
        """Take the options of ``typer.Typer``."""
        options.setdefault("cls", Group)
        super().__init__(
            add_completion=False,
            pretty_exceptions_enable=False,
            context_settings={"help_option_names": ["-h", "--help"]},
            **options,
        )

    def command(self, name: str | None = None, **options: Any) -> Callable[[Function], Function]:
        """Return what makes a function a command; the options are those of ``typer.Typer.command``."""
        register = super().command

        def decorate(function: Function) -> Function:
            register(name, help=documentation(function), **options)(_stoppable(function))
            return function

        return decorate


class Group(TyperGroup):
    """Commands that know of those elsewhere: who leaves out a group's name, or types another one, is told the whole."""

    everywhere: ClassVar[Sequence[str]] = ()
    """Of the program's first group: all of its commands, each with the group that it is in, as they are typed."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command to be run, and what it is called with."""
        try:
            return super().resolve_command(ctx, args)
        except typer.TyperException as error:
            near = "Did you mean" in error.format_message()
            if meant := elsewhere(args[0], ctx.find_root(), exactly=near):
                ctx.fail(f"No such command '{args[0]}'. Did you mean {meant}?")
            raise


def elsewhere(name: str, root: Any, *, exactly: bool) -> str:
    """Return the commands of this name, or of the nearest one, as they are typed; empty if there are none."""
    paths: dict[str, list[str]] = {}
    for path in root.command.everywhere:
        paths.setdefault(path.split()[-1], []).append(f"'{root.info_name} {path}'")
    found = name if exactly or name in paths else nearest(name, paths)
    return joined(paths.get(found or "", ()), "or")


class LazyGroup(Group):
    """Commands of which some, or all, are imported when they are run."""

    lazy: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """Such commands in the order of the help page: the module that holds each in its ``app``, and what the page says.

    A module is imported to run its command and never to list it, so that ``--help`` and a slip of the pen are answered
    at once; the modules themselves import what they need at their top.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of the help page, lazy ones last."""
        return [*(name for name in self.commands if name not in self.lazy), *self.lazy]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command to be listed."""
        if cmd_name in self.lazy:
            return TyperCommand(cmd_name, help=self.lazy[cmd_name][1])
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command to be run, and what it is called with."""
        name, *rest = args
        if name in self.lazy:
            return name, _stoppable(loaded)(name, self.lazy[name][0]), rest
        # What typer looks through for the nearest name.
        self.commands = {**self.commands, **{each: self.get_command(ctx, each) for each in self.lazy}}
        return super().resolve_command(ctx, args)


def loaded(name: str, module: str) -> Any:
    """Return a command from the module that holds it, alone there or beside others."""
    found = typer.main.get_command(importlib.import_module(module).app)
    return getattr(found, "commands", {}).get(name, found)


def _stoppable(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command that Ctrl-C aborts: left to itself, typer ends such a command without a word."""

    @functools.wraps(function)
    def command(*arguments: Any, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        except KeyboardInterrupt:
            raise typer.Abort from None

    return command


def documentation(function: Callable[..., Any]) -> str:
    """Return a function's docstring, from its source where ``python -OO`` has thrown it away."""
    if function.__doc__ is None:
        parsed = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
        assert isinstance(parsed, ast.FunctionDef)
        return ast.get_docstring(parsed) or ""
    return inspect.cleandoc(function.__doc__)
