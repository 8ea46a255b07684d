"""Answers that lie in a level's folder to prove it: wrong ones that must fail, right ones that must pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from handgrad.errors import LevelError
from handgrad.languages import Text

DECLARATION = re.compile(r"# *(expect|kind|class|mistakes|warnings): *(.*?) *")


@dataclass(frozen=True)
class PlantedAnswer:
    """An answer and the verdict that the comments on its first lines declare.

    ::

        # expect: wrong
        # kind: exception                       (only with error)
        # class: Sigmoid                        (default: every class of the level)
        # mistakes: db: db-not-summed, dW: dw-transposed
        # warnings: dout-changed

    Attributes:
        path: where it lies.
        source: the bytes of the file; an answer may be in any encoding that learners use.
        verdict: one of `PRECEDENCE`.
        kind: of an error; None otherwise.
        class_name: the only class that it answers; None where it answers them all.
        mistakes: ``(array, mistake)``; the array is ``""`` where a mistake is about none.
        warnings: names of warnings.
    """

    path: Path
    source: bytes
    verdict: str
    kind: str | None
    class_name: str | None
    mistakes: frozenset[tuple[str, str]]
    warnings: frozenset[str]

    @classmethod
    def load(cls, path: Path) -> PlantedAnswer:
        """Read an answer and its declaration.

        Raises:
            LevelError: it declares no verdict, or one thing twice.
        """
        source = path.read_bytes()
        declared: dict[str, str] = {}
        for key, value in _declarations(source):
            if key in declared:
                raise LevelError(TWICE.format(path=path, key=key))
            declared[key] = value
        if "expect" not in declared:
            raise LevelError(UNDECLARED.format(path=path))
        return cls(
            path=path,
            source=source,
            verdict=declared["expect"],
            kind=declared.get("kind"),
            class_name=declared.get("class"),
            mistakes=frozenset(_pairs(declared.get("mistakes", ""))),
            warnings=frozenset(_items(declared.get("warnings", ""))),
        )


def _declarations(source: bytes) -> Iterator[tuple[str, str]]:
    """What the comments before the first line of code declare; other comments may stand among them."""
    for line in source.decode("utf-8-sig", errors="replace").splitlines():
        if not line.startswith("#"):
            return
        match = DECLARATION.fullmatch(line)
        if match:
            yield match.group(1), match.group(2)


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for item in _items(text):
        array, _, mistake = item.rpartition(":")
        yield array.strip(), mistake.strip()


UNDECLARED = Text(
    zh="{path}：开头的注释里必须声明预期的结果，例如 # expect: wrong。",
    en="{path}: the comments at its top must declare the verdict, e.g. # expect: wrong.",
)
TWICE = Text(
    zh="{path}：开头的注释里，{key} 声明了两次。",
    en="{path}: the comments at its top declare {key} twice.",
)
