"""A group of commands as all of ours are: no shell completion, no tracebacks, ``-h``, and help that is always there."""

from __future__ import annotations

import ast
import functools
import inspect
import textwrap
from collections.abc import Callable
from typing import Any, TypeVar

import typer

Function = TypeVar("Function", bound=Callable[..., Any])


class CommandGroup(typer.Typer):
    """typer's application with our settings. A command's help is its docstring."""

    def __init__(self, **options: Any) -> None:
        """Take the options of ``typer.Typer``."""
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
