from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.messages import raises

import handgrad
from handgrad import kernels
from handgrad.errors import EngineError
from handgrad.kernels import choice, in_place, library, native, plain
from handgrad.kernels.choice import chosen
from handgrad.languages import Text

NO_LIBRARY = library.Missing(Text(zh="没有编译器", en="no compiler"))


def named_in_a_new_process(**environment):
    return subprocess.run(
        [sys.executable, "-c", "from handgrad import kernels; print(kernels.engine().name)"],
        env=os.environ | {"PYTHONPATH": str(Path(handgrad.__file__).parents[1])} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_environment_chooses():
    assert named_in_a_new_process(HANDGRAD_ENGINE="numpy").stdout.strip() == "numpy"
    best = "numpy" if isinstance(library.library(), library.Missing) else "native"
    assert named_in_a_new_process(HANDGRAD_ENGINE="").stdout.strip() == best


def test_an_engine_that_is_none():
    with raises(EngineError, "numpy", "native", "'cuda'", "HANDGRAD_ENGINE"):
        chosen({"HANDGRAD_ENGINE": "cuda"})
    with raises(EngineError, "'fast'"):
        kernels.use_engine("fast")


def test_without_a_library_numpy_computes_and_the_reason_is_kept(monkeypatch):
    monkeypatch.setattr(choice, "library", lambda: NO_LIBRARY)
    engine = chosen({})
    assert engine.name == "numpy"
    assert engine.fallback == NO_LIBRARY.reason
    assert chosen({"HANDGRAD_ENGINE": "numpy"}).fallback is None


def test_native_that_was_asked_for_is_never_replaced_silently(monkeypatch):
    monkeypatch.setattr(choice, "library", lambda: NO_LIBRARY)
    with pytest.raises(EngineError) as caught:
        chosen({"HANDGRAD_ENGINE": "native"})
    assert "no compiler" in caught.value.text.en
    assert "没有编译器" in caught.value.text.zh


def test_every_function_comes_from_the_engine_that_is_used(engine):
    assert kernels.engine().name == engine
    for name in kernels.RETURNING + kernels.IN_PLACE:
        home = native if engine == "native" else plain if hasattr(plain, name) else in_place
        assert getattr(kernels, name) is getattr(home, name)
