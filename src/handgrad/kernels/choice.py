"""Which engine computes: ``native`` where it was compiled, else ``numpy``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Literal

from handgrad.errors import EngineError
from handgrad.kernels import in_place, native, plain
from handgrad.kernels.library import Missing, library
from handgrad.languages import Text

EngineName = Literal["numpy", "native"]
ENGINES: tuple[EngineName, ...] = ("numpy", "native")


@dataclass(frozen=True)
class Engine:
    """An engine, and where its functions are.

    Attributes:
        name: ``numpy`` or ``native``.
        modules: where each function is looked for, in this order.
        fallback: why it is numpy although nobody asked for it; None otherwise.
    """

    name: EngineName
    modules: tuple[ModuleType, ...]
    fallback: Text | None = None


def engine_named(name: str) -> Engine:
    """The engine of that name.

    Raises:
        EngineError: there is none of that name, or native was not compiled here.
    """
    if name == "numpy":
        return Engine("numpy", (plain, in_place))
    if name != "native":
        raise EngineError(
            Text(
                zh="引擎只有 numpy 和 native，收到的是 {name!r}（见环境变量 HANDGRAD_ENGINE）。",
                en="the engines are numpy and native; got {name!r} "
                "(see the environment variable HANDGRAD_ENGINE).",
            ).format(name=name)
        )
    found = library()
    if isinstance(found, Missing):
        raise EngineError(
            Text(
                zh="这里不能用 native 引擎：{reason} 也可以用 HANDGRAD_ENGINE=numpy。",
                en="the native engine cannot be used here: {reason} "
                "HANDGRAD_ENGINE=numpy works without it.",
            ).format(reason=found.reason)
        )
    return Engine("native", (native,))


def chosen(environment: Mapping[str, str] | None = None) -> Engine:
    """What ``HANDGRAD_ENGINE`` asks for; without it native, or numpy where native cannot be.

    Raises:
        EngineError: see `engine_named`. What was asked for by name is never replaced silently.

    >>> chosen({"HANDGRAD_ENGINE": "numpy"}).name
    'numpy'
    """
    asked = (os.environ if environment is None else environment).get("HANDGRAD_ENGINE", "")
    if asked:
        return engine_named(asked)
    found = library()
    if isinstance(found, Missing):
        return Engine("numpy", (plain, in_place), found.reason)
    return engine_named("native")
