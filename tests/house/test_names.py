"""A class name exists once in the package, private names too."""

from __future__ import annotations

import ast
from collections import defaultdict

from support.source_tree import PACKAGE, modules, tree_of


def test_a_class_name_exists_once():
    found = defaultdict(list)
    for module in modules():
        for node in ast.walk(tree_of(module)):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(module.relative_to(PACKAGE).as_posix())
    assert len(found) > 300
    twice = {name: where for name, where in found.items() if len(where) > 1}
    assert twice == {}, "rename the less fundamental one"
