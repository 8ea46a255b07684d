"""The two engines, and which of them computes: ``native`` where it was compiled, else ``numpy``."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

from handgrad.errors import EngineError
from handgrad.kernels import native, numpy_in_place, numpy_kernels
from handgrad.kernels.native_library import LibraryMissing, native_library
from handgrad.languages import Text

EngineName = Literal["numpy", "native"]
ENGINES: tuple[EngineName, ...] = ("numpy", "native")


@dataclass(frozen=True)
class Engine:
    """An engine and the modules with its kernels.

    Attributes:
        name: ``numpy`` or ``native``.
        modules: where each kernel is searched, in this order.
        fallback: why the engine is numpy without having been asked for; None otherwise.
    """

    name: EngineName
    modules: tuple[ModuleType, ...]
    fallback: Text | None = None

    def kernel(self, name: str) -> Callable[..., Any]:
        """The engine's kernel of that name.

        Raises:
            EngineError: the engine lacks it.
        """
        for module in self.modules:
            if hasattr(module, name):
                return getattr(module, name)
        raise EngineError(
            Text(
                zh="引擎 {engine} 缺少 kernel {name}。",
                en="the engine {engine} has no kernel {name}.",
            ).format(engine=self.name, name=name)
        )


def engine_named(name: str) -> Engine:
    """The engine of that name.

    Raises:
        EngineError: there is none of that name, or native was not compiled here.
    """
    if name == "numpy":
        return Engine("numpy", (numpy_kernels, numpy_in_place))
    if name != "native":
        raise EngineError(
            Text(
                zh="引擎只有 numpy 和 native，收到的是 {name!r}（见环境变量 HANDGRAD_ENGINE）。",
                en="the engines are numpy and native; got {name!r} "
                "(see the environment variable HANDGRAD_ENGINE).",
            ).format(name=name)
        )
    found = native_library()
    if isinstance(found, LibraryMissing):
        raise EngineError(
            Text(
                zh="这里不能用 native 引擎：{reason} 也可以用 HANDGRAD_ENGINE=numpy。",
                en="the native engine cannot be used here: {reason} "
                "HANDGRAD_ENGINE=numpy works without it.",
            ).format(reason=found.reason)
        )
    return Engine("native", (native, numpy_kernels))


def default_engine(environment: Mapping[str, str] | None = None) -> Engine:
    """The engine that ``HANDGRAD_ENGINE`` names; by default native, or numpy where native is missing.

    Raises:
        EngineError: see `engine_named`. An engine asked for by name is never replaced silently.

    >>> default_engine({"HANDGRAD_ENGINE": "numpy"}).name
    'numpy'
    """
    asked = (os.environ if environment is None else environment).get("HANDGRAD_ENGINE", "")
    if asked:
        return engine_named(asked)
    found = native_library()
    if isinstance(found, LibraryMissing):
        return Engine("numpy", (numpy_kernels, numpy_in_place), found.reason)
    return engine_named("native")
