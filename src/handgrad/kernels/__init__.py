"""The array arithmetic of every layer, loss and optimizer: a few functions, two engines.

Layers call these names and nothing else, so that an engine can be replaced without touching a
layer. The engine ``numpy`` always works; ``native`` is compiled, and is the default where it was
built. ``HANDGRAD_ENGINE=numpy`` or ``native`` chooses one, `use_engine` changes it later, and
``handgrad doctor`` shows it.
"""

from __future__ import annotations

from inspect import isfunction
from types import ModuleType
from typing import TYPE_CHECKING

from handgrad.kernels import numpy_in_place, numpy_kernels
from handgrad.kernels.engines import ENGINES, Engine, default_engine, engine_named

if TYPE_CHECKING:  # when it runs, `_bind` gives these names to the kernels of the engine in use
    from handgrad.kernels.numpy_in_place import *  # noqa: F403 - every kernel, by whatever name
    from handgrad.kernels.numpy_kernels import *  # noqa: F403


def _kernels_of(module: ModuleType) -> tuple[str, ...]:
    """The public functions that the module defines."""
    return tuple(
        name
        for name, value in vars(module).items()
        if isfunction(value) and value.__module__ == module.__name__ and name[0] != "_"
    )


RETURNING = _kernels_of(numpy_kernels)
"""Kernels that return arrays of their own, for the layers' forward and backward."""

IN_PLACE = _kernels_of(numpy_in_place)
"""Kernels that write into arrays they are given, for a training step."""

__all__ = ["ENGINES", "IN_PLACE", "RETURNING", "engine", "use_engine"]

_engine = default_engine()


def engine() -> Engine:
    """The engine in use."""
    return _engine


def use_engine(name: str) -> str:
    """Use the engine `name` from now on, in the whole process; returns the name of the previous one.

    Raises:
        EngineError: no such engine, or it was not compiled here.

    >>> before = use_engine("numpy")
    >>> engine().name
    'numpy'
    >>> use_engine(before)
    'numpy'
    """
    before = _engine.name
    _bind(engine_named(name))
    return before


def _bind(new: Engine) -> None:
    globals()["_engine"] = new
    for name in RETURNING + IN_PLACE:
        globals()[name] = new.kernel(name)


_bind(_engine)
