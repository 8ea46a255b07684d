"""A class name is one thing: it exists once in the package, private names too."""

from __future__ import annotations

import ast
from collections import defaultdict

from support.source_tree import PACKAGE, modules, tree_of

TWICE: dict[str, str] = {
    "Answer": "to be renamed",
    "Claim": "to be renamed",
    "Draft": "to be renamed",
    "History": "to be renamed",
    "HistoryEntry": "to be renamed",
    "Judge": "to be renamed",
    "Network": "to be renamed",
    "Outcome": "to be renamed",
    "Place": "to be renamed",
    "Problem": "to be renamed",
    "Progress": "to be renamed",
    "Run": "to be renamed",
    "Sender": "to be renamed",
    "Settings": "to be renamed",
    "ShortVerdict": "to be renamed",
    "Source": "to be renamed",
    "Value": "to be renamed",
    "Wanted": "to be renamed",
    "Zygote": "to be renamed",
}
"""Names that exist twice, each with the reason. The list may only shrink."""


def class_names() -> dict[str, list[str]]:
    """The modules that define each class name."""
    found = defaultdict(list)
    for module in modules():
        for node in ast.walk(tree_of(module)):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(module.relative_to(PACKAGE).as_posix())
    return found


def test_a_class_name_exists_once():
    found = class_names()
    assert len(found) > 300
    twice = {name: where for name, where in found.items() if len(where) > 1 and name not in TWICE}
    assert twice == {}, "rename the less fundamental one"


def test_the_list_of_exceptions_only_shrinks():
    found = class_names()
    settled = [name for name in TWICE if len(found[name]) < 2]
    assert settled == [], "these exist once now: take them off the list"
