"""How the command line speaks: in the user's language, on consoles of every kind, without crashing."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from handgrad.languages import LANGUAGES, Language, Text, preferred_language, printable

CHINESE_SAMPLE = "全连接层，。"


@dataclass(frozen=True)
class Speaker:
    """Chooses the words of the user's language.

    >>> Speaker("en").say("你好", "hello")
    'hello'
    """

    language: Language

    def say(self, zh: str, en: str) -> str:
        """The one of the two sentences that the user reads."""
        return zh if self.language == "zh" else en

    def text(self, text: Text) -> str:
        """A text of the package, in the user's language."""
        return text[self.language]


def chosen_language(arguments: Sequence[str]) -> Language:
    """``--lang`` wherever it stands, else the user's language, else English.

    A language that was only guessed gives way to English where the console cannot print it.
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
    """Whether the stream's encoding has every character of the text."""
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def make_streams_safe() -> None:
    """What a console cannot print becomes an escape, and never an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def complain(message: str) -> None:
    """One message to the user, on standard error; a file's name in it may hold control codes."""
    print(printable(message), file=sys.stderr)


def is_terminal(stream: TextIO) -> bool:
    """Whether a person is likely to read the stream, on a terminal that obeys control codes."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"
