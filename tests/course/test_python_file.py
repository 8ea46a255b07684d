from __future__ import annotations

import sys
from pathlib import Path

import pytest

from handgrad.course.python_file import run_python_file
from handgrad.errors import LevelError


def test_files_of_one_name_make_modules_of_their_own(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "cases.py").write_text(f"HERE = {name!r}\n", encoding="utf-8")
    modules = [run_python_file(tmp_path / name / "cases.py") for name in ("a", "b")]
    assert [module.HERE for module in modules] == ["a", "b"]
    assert all(sys.modules[module.__name__] is module for module in modules)


def test_a_file_that_raises_leaves_no_half_made_module(tmp_path: Path) -> None:
    path = tmp_path / "cases.py"
    path.write_text("X = 1\nX / 0\n", encoding="utf-8")
    before = set(sys.modules)
    with pytest.raises(LevelError) as raised:
        run_python_file(path)
    assert set(sys.modules) == before
    assert "ZeroDivisionError: division by zero" in raised.value.text.zh
    assert str(path) in raised.value.text.en


def test_a_file_with_a_slip_of_syntax_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "cases.py"
    path.write_text("def cases(:\n", encoding="utf-8")
    with pytest.raises(LevelError) as raised:
        run_python_file(path)
    assert "SyntaxError" in raised.value.text.en


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LevelError) as raised:
        run_python_file(tmp_path / "cases.py")
    assert "no such file" in raised.value.text.en
    assert "没有这个文件" in raised.value.text.zh
