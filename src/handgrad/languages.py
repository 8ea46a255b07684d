"""The two languages of handgrad, and messages written in both."""

from __future__ import annotations

import locale
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One message in both languages.

    >>> greeting = Text(zh="你好，{name}", en="Hello, {name}")
    >>> greeting.format(name="Ada")["en"]
    'Hello, Ada'
    """

    zh: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def format(self, **values: object) -> Text:
        """The text with every ``{name}`` filled in; a ``Text`` value is filled in per language."""
        return Text(
            zh=self.zh.format(**_in_language(values, "zh")),
            en=self.en.format(**_in_language(values, "en")),
        )

    def __add__(self, other: Text) -> Text:
        return Text(zh=self.zh + other.zh, en=self.en + other.en)

    def to_json(self) -> dict[str, str]:
        """As every JSON object of handgrad holds it: ``{"zh": …, "en": …}``."""
        return {"zh": self.zh, "en": self.en}


def _in_language(values: Mapping[str, object], language: Language) -> dict[str, object]:
    return {
        name: value[language] if isinstance(value, Text) else value
        for name, value in values.items()
    }


def joined(texts: list[Text], separator: Text) -> Text:
    """The texts joined by a separator."""
    return Text(
        zh=separator.zh.join(text.zh for text in texts),
        en=separator.en.join(text.en for text in texts),
    )


def name_list(names: Iterable[str]) -> Text:
    """Names one after the other, as each language separates them.

    >>> name_list(["dW", "db"])
    Text(zh='dW、db', en='dW, db')
    """
    shown = list(names)
    return Text(zh="、".join(shown), en=", ".join(shown))


def preferred_language(environment: Mapping[str, str] | None = None) -> Language:
    """The user's language: ``HANDGRAD_LANG`` when set, else the locale, else English.

    >>> preferred_language({"LC_ALL": "zh_CN.UTF-8"})
    'zh'
    >>> preferred_language({"LANG": "C.UTF-8"})
    'en'
    """
    asked_system = environment is None
    variables = os.environ if environment is None else environment
    for variable in ("HANDGRAD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = variables.get(variable, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    if asked_system:  # Windows sets none of these variables
        name = locale.getlocale()[0] or ""
        if name.lower().startswith(("zh", "chinese")):
            return "zh"
    return "en"


def printable(text: str) -> str:
    r"""Untrusted text that is safe to print: everything but printable characters and newlines is escaped.

    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return "".join(
        character
        if character.isprintable() or character == "\n"
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
