"""Output in the user's language, on any console, without encoding errors."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TextIO

import click

from handgrad.languages import LANGUAGES, Language, Text, preferred_language, printable

CHINESE_SAMPLE = "全连接层，。"


@dataclass(frozen=True)
class Speaker:
    """Selects between messages in the two languages.

    >>> Speaker("en").say("你好", "hello")
    'hello'
    """

    language: Language

    def say(self, zh: str, en: str) -> str:
        """The message in the user's language."""
        return zh if self.language == "zh" else en

    def text(self, text: Text) -> str:
        """A `Text` in the user's language."""
        return text[self.language]


def chosen_language(arguments: Sequence[str]) -> Language:
    """The value of ``--lang``, else the user's language, else English.

    Chinese that was not asked for becomes English on a console that cannot print it.
    """
    for position, argument in enumerate(arguments):
        if argument == "--":
            break
        name, _, value = argument.partition("=")
        if name == "--lang":
            value = value or next(iter(arguments[position + 1 :]), "")
            for language in LANGUAGES:
                if value == language:
                    return language
    guessed = preferred_language()
    return guessed if guessed == "en" or can_print(CHINESE_SAMPLE, sys.stdout) else "en"


def can_print(text: str, stream: TextIO) -> bool:
    """Whether the stream's encoding can represent the text."""
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def make_streams_safe() -> None:
    """Print characters that the console cannot represent as escapes instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def complain(message: str) -> None:
    """Print a message on standard error, with control codes escaped."""
    print(printable(message), file=sys.stderr)


def print_json(value: Any) -> None:
    """Print a value as one line of JSON, in ASCII if the console cannot print it otherwise."""
    line = json.dumps(value, ensure_ascii=False)
    click.echo(line if can_print(line, sys.stdout) else json.dumps(value))


def is_terminal(stream: TextIO) -> bool:
    """Whether the stream is a terminal that supports control codes."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"
