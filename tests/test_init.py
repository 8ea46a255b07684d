from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import handgrad

MODULES = ("optimizers", "training")
EXPORTED = [name for name in handgrad.__all__ if name not in ("__version__", *MODULES)]


def test_importing_handgrad_imports_nothing_large():
    program = "import handgrad, sys; print(sorted({'numpy', 'click', 'rich'} & set(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(Path(handgrad.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("name", EXPORTED)
def test_every_exported_name_comes_from_its_home(name):
    exported = getattr(handgrad, name)
    assert exported.__name__ == name
    assert exported.__module__.startswith(handgrad._HOMES[name])
    assert name in dir(handgrad)


def test_the_names_are_the_same_for_the_runtime_and_for_type_checkers():
    for_type_checkers = {
        alias.name
        for node in ast.walk(ast.parse(Path(handgrad.__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("handgrad")
        for alias in node.names
    }
    assert sorted(for_type_checkers) == sorted([*EXPORTED, *MODULES])
    assert sorted(handgrad._HOMES) == sorted(EXPORTED)
    assert handgrad.__all__ == sorted(handgrad.__all__)


def test_the_optimizers_are_there_without_an_import_of_their_own():
    assert handgrad.optimizers.SGD(learning_rate=0.1).learning_rate == 0.1


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'handgrad' has no attribute 'Dense'"):
        _ = handgrad.Dense
    assert not hasattr(handgrad, "Dense")


def test_version_has_three_numbers():
    assert [part.isdigit() for part in handgrad.__version__.split(".")[:3]] == [True] * 3
