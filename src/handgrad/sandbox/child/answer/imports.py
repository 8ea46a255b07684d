"""What an answer may import. Anything else is an ImportError that lists what there is."""

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
    """An import that the judge refuses; `name` is the module asked for."""


def guarded_builtins(answer_name: str) -> dict[str, Any]:
    """The builtins an answer sees: Python's own, with an import that keeps to the list.

    Only the answer's own import statements are held to it; what an importable module itself
    imports is its own affair. Functions written in C import through the builtins of whoever calls
    them (``time.strptime`` does, and parts of NumPy); they alone ask with a list.
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
    # Python's `site` module, which the child starts without, defines these two for a person.
    table["exit"] = table["quit"] = sys.exit
    return table
