"""The languages handgrad speaks, and the text that is written in all of them."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One message in every language handgrad speaks.

    >>> greeting = Text(zh="你好，{name}", en="Hello, {name}")
    >>> greeting.format(name="Ada")["en"]
    'Hello, Ada'
    """

    zh: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def format(self, **values: object) -> Text:
        """The same text with every ``{name}`` filled in; a ``Text`` value speaks its own language."""
        return Text(
            zh=self.zh.format(**_spoken(values, "zh")),
            en=self.en.format(**_spoken(values, "en")),
        )

    def __add__(self, other: Text) -> Text:
        return Text(zh=self.zh + other.zh, en=self.en + other.en)

    def to_json(self) -> dict[str, str]:
        """The form that every JSON object of handgrad uses: ``{"zh": …, "en": …}``."""
        return {"zh": self.zh, "en": self.en}


def _spoken(values: Mapping[str, object], language: Language) -> dict[str, object]:
    return {
        name: value[language] if isinstance(value, Text) else value
        for name, value in values.items()
    }


def joined(texts: list[Text], separator: Text) -> Text:
    """Several texts in a row with a separator between them."""
    return Text(
        zh=separator.zh.join(text.zh for text in texts),
        en=separator.en.join(text.en for text in texts),
    )


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


def printable(words: str) -> str:
    r"""Words of a stranger's code, safe to show: what is neither printable nor a line end is escaped.

    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return "".join(
        character
        if character.isprintable() or character == "\n"
        else character.encode("unicode_escape").decode("ascii")
        for character in words
    )
