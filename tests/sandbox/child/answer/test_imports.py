"""Only the listed modules can be imported, and only import statements of the answer are restricted."""

from __future__ import annotations

import sys

import pytest

from handgrad.sandbox.child.answer.imports import IMPORTABLE, NotImportable, guarded_builtins


def run(source):
    exec(source, {"__builtins__": guarded_builtins("answer")})


@pytest.mark.parametrize("name", [name for name in IMPORTABLE if name in sys.modules])
def test_a_listed_module_can_be_imported(name):
    run(f"import {name}")


@pytest.mark.parametrize("name", ["os", "subprocess", "handgrad", "numpyx", "os.path"])
def test_any_other_is_refused_by_name(name):
    with pytest.raises(NotImportable) as raised:
        run(f"import {name}")
    assert raised.value.name == name


def test_a_relative_import_is_refused():
    with pytest.raises(NotImportable) as raised:
        exec("from . import x", {"__builtins__": guarded_builtins("answer"), "__package__": "a"})
    assert raised.value.name == "."


def test_exit_is_there_as_in_an_interactive_python():
    with pytest.raises(SystemExit):
        run("exit(3)")
