"""The C source compiles without a warning, and a list entry without its case does not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from handgrad.kernels import native_library

SOURCE = Path(native_library.__file__).parent / "source"
COMPILER = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)

pytestmark = pytest.mark.skipif(
    COMPILER is None or sys.platform == "win32", reason="no C compiler here"
)


def compiled(source):
    return subprocess.run(
        [COMPILER, "-fsyntax-only", "-std=gnu11", "-Wall", "-Wextra", "-Werror", source],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_without_a_warning():
    ran = compiled(SOURCE / "native.c")
    assert ran.returncode == 0, ran.stderr


def test_a_loss_without_its_case_in_the_training_step_is_an_error(tmp_path):
    copy = shutil.copytree(SOURCE, tmp_path / "source")
    losses = copy / "losses.inc"
    entry = "EACH(MEAN_SQUARED_ERROR, mean_squared_error)"
    text = losses.read_text(encoding="utf-8")
    assert entry in text
    losses.write_text(text.replace(entry, f"{entry} EACH(HINGE, hinge)"), encoding="utf-8")
    ran = compiled(copy / "native.c")
    assert ran.returncode != 0
    assert "HINGE" in ran.stderr
