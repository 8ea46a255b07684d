"""The build hook's own decision: a library, or one line that says why there is none."""

from __future__ import annotations

import ctypes
import importlib.util
import shutil
import sys
import types
from pathlib import Path

import pytest

from handgrad.kernels.native_library import VERSION

ROOT = Path(__file__).parent.parent
needs_compiler = pytest.mark.skipif(
    sys.platform == "win32" or not any(map(shutil.which, ("cc", "gcc", "clang"))),
    reason="no C compiler here",
)


@pytest.fixture
def hook(monkeypatch):
    """hatch_build.py, with the one class of the build backend that it derives from."""
    interface = types.ModuleType("interface")
    interface.BuildHookInterface = type(
        "BuildHookInterface", (), {"__class_getitem__": classmethod(lambda cls, item: cls)}
    )
    for name in ("hatchling", "hatchling.builders", "hatchling.builders.hooks"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setitem(sys.modules, "hatchling.builders.hooks.plugin", types.ModuleType("plugin"))
    monkeypatch.setitem(sys.modules, "hatchling.builders.hooks.plugin.interface", interface)
    for variable in ("CC", "HANDGRAD_NATIVE"):
        monkeypatch.delenv(variable, raising=False)
    specification = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@needs_compiler
def test_with_a_compiler_there_is_a_library(hook, tmp_path):
    assert hook.compiled(ROOT / hook.SOURCE, tmp_path / "_native.so") is None
    assert ctypes.CDLL(str(tmp_path / "_native.so")).handgrad_version() == VERSION


def test_without_one_it_says_so_in_a_line(hook, monkeypatch, tmp_path):
    monkeypatch.setattr(hook.sys, "platform", "linux")
    monkeypatch.setattr(hook.shutil, "which", lambda name: None)
    said = hook.compiled(ROOT / hook.SOURCE, tmp_path / "_native.so")
    assert said == "no C compiler found (cc, gcc, clang)."


@needs_compiler
def test_a_compiler_that_fails_is_quoted_in_a_line(hook, tmp_path):
    (tmp_path / "broken.c").write_text("int f( {", encoding="utf-8")
    said = hook.compiled(tmp_path / "broken.c", tmp_path / "_native.so")
    assert "failed: " in said
    assert "\n" not in said


def test_the_pure_wheel_can_be_asked_for(hook, monkeypatch, tmp_path):
    monkeypatch.setenv("HANDGRAD_NATIVE", "0")
    assert "HANDGRAD_NATIVE=0" in hook.compiled(ROOT / hook.SOURCE, tmp_path / "_native.so")
