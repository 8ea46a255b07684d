"""The modules that an answer may import. Any other import is an ImportError."""

from __future__ import annotations

import builtins
import sys
from types import ModuleType
from typing import Any

IMPORTABLE = (
    "numpy",
    "math",
    "cmath",
    "itertools",
    "functools",
    "collections",
    "typing",
    "dataclasses",
    "copy",
    "operator",
    "random",
    "time",
    "datetime",
    "re",
    "abc",
    "enum",
    "string",
    "textwrap",
    "decimal",
    "fractions",
    "statistics",
    "numbers",
    "warnings",
    "contextlib",
    "types",
    "heapq",
    "bisect",
    "array",
    "pprint",
    "json",
    "sys",
    "__future__",
    "typing_extensions",
)


class NotImportable(ModuleNotFoundError):
    """An import that the sandbox refuses; `name` is the module."""


def guarded_builtins(answer_name: str) -> dict[str, Any]:
    """The builtins of an answer: Python's own, with an import that allows only `IMPORTABLE`.

    Only the answer's own import statements are restricted; an importable module may import anything.
    Functions written in C import through the builtins of their caller (``time.strptime`` does, and
    parts of NumPy); only they pass `fromlist` as a list.
    """
    table = dict(vars(builtins))
    original = builtins.__import__

    def importing(
        name: str,
        globals: dict[str, Any] | None = None,
        locals: dict[str, Any] | None = None,
        fromlist: tuple[str, ...] | list[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        top = name.partition(".")[0]
        if isinstance(fromlist, list):
            return original(name, globals, locals, (), level)
        if level or (top not in IMPORTABLE and top != answer_name):
            shown = "." * level + name
            raise NotImportable(f"No module named {shown!r}", name=shown)
        return original(name, globals, locals, fromlist or (), level)

    table["__import__"] = importing
    # Normally defined by Python's `site` module, which the child starts without.
    table["exit"] = table["quit"] = sys.exit
    return table
