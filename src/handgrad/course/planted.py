"""Answers that lie in a level's folder to prove it: wrong ones that must fail, right ones that must pass."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from handgrad.errors import LevelError
from handgrad.languages import Text

HEADER = re.compile(r"^# *(expect|kind|class|mistakes|warnings): *(.*?) *$")


@dataclass(frozen=True)
class PlantedAnswer:
    """An answer and the verdict that its first comment lines declare.

    ::

        # expect: wrong
        # kind: exception                       (only with error)
        # class: Sigmoid                        (default: every class of the level)
        # mistakes: db: db-not-summed, dW: dw-transposed
        # warnings: dout-changed
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
            LevelError: it declares no verdict.
        """
        source = path.read_bytes()
        declared: dict[str, str] = {}
        for line in source.decode("utf-8", errors="replace").splitlines():
            header = HEADER.match(line)
            if not header:
                break
            declared[header.group(1)] = header.group(2)
        if "expect" not in declared:
            raise LevelError(
                Text(
                    zh="{path} 的第一行必须声明预期的结果，例如 # expect: wrong。",
                    en="{path} must declare its verdict in its first line, e.g. # expect: wrong.",
                ).format(path=path)
            )
        return cls(
            path=path,
            source=source,
            verdict=declared["expect"],
            kind=declared.get("kind"),
            class_name=declared.get("class"),
            mistakes=frozenset(_pairs(declared.get("mistakes", ""))),
            warnings=frozenset(_items(declared.get("warnings", ""))),
        )


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs = []
    for item in _items(text):
        array, _, mistake = item.rpartition(":")
        pairs.append((array.strip(), mistake.strip()))
    return pairs
