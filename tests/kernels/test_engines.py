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
from handgrad.kernels import engines, native, native_library, numpy_in_place, numpy_kernels
from handgrad.kernels.engines import Engine, default_engine
from handgrad.languages import Text

NO_LIBRARY = native_library.LibraryMissing(Text(zh="没有编译器", en="no compiler"))


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
    best = (
        "numpy"
        if isinstance(native_library.native_library(), native_library.LibraryMissing)
        else "native"
    )
    assert named_in_a_new_process(HANDGRAD_ENGINE="").stdout.strip() == best


def test_an_engine_that_is_none():
    with raises(EngineError, "numpy", "native", "'cuda'", "HANDGRAD_ENGINE"):
        default_engine({"HANDGRAD_ENGINE": "cuda"})
    with raises(EngineError, "'fast'"):
        kernels.use_engine("fast")


def test_without_a_library_numpy_computes_and_the_reason_is_kept(monkeypatch):
    monkeypatch.setattr(engines, "native_library", lambda: NO_LIBRARY)
    engine = default_engine({})
    assert engine.name == "numpy"
    assert engine.fallback == NO_LIBRARY.reason
    assert default_engine({"HANDGRAD_ENGINE": "numpy"}).fallback is None


def test_native_that_was_asked_for_is_never_replaced_silently(monkeypatch):
    monkeypatch.setattr(engines, "native_library", lambda: NO_LIBRARY)
    with pytest.raises(EngineError) as caught:
        default_engine({"HANDGRAD_ENGINE": "native"})
    assert "no compiler" in caught.value.text.en
    assert "没有编译器" in caught.value.text.zh


def test_every_function_comes_from_the_engine_that_is_used(engine):
    assert kernels.engine().name == engine
    for name in kernels.RETURNING + kernels.IN_PLACE:
        homes = [numpy_kernels, numpy_in_place]
        if engine == "native":
            homes = [native, numpy_kernels]
        home = next(module for module in homes if hasattr(module, name))
        assert getattr(kernels, name) is getattr(home, name)


def test_an_engine_without_a_kernel_is_an_error_that_names_it():
    with raises(EngineError, "numpy", "bias_activation"):
        Engine("numpy", (numpy_kernels,)).kernel("bias_activation")
