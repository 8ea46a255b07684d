"""Optimizers and schedules by name, as the command line and the estimators take them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from handgrad import optimizers
from handgrad.errors import OptimizerError, SettingError
from handgrad.languages import Text, name_list
from handgrad.optimizers import Optimizer
from handgrad.training.schedules import Constant, Cosine, Linear, Schedule

OPTIMIZERS: dict[str, type[Optimizer]] = {
    kind.__name__.lower(): kind for kind in optimizers.OPTIMIZERS
}
SCHEDULES: dict[str, type[Schedule]] = {"constant": Constant, "cosine": Cosine, "linear": Linear}

Named = TypeVar("Named")


def optimizer_named(name: str, **settings: float) -> Optimizer:
    """The optimizer of that name, in any case, with these settings.

    Raises:
        OptimizerError: no such name, a setting that it does not have, or one outside its range.

    >>> optimizer_named("Momentum", learning_rate=0.1).momentum
    0.9
    """
    kind = OPTIMIZERS.get(name.lower())
    if kind is None:
        raise OptimizerError(
            Text(
                zh="没有名为 {name} 的优化器；可用的有 {known}。",
                en="there is no optimizer named {name}; choose one of {known}.",
            ).format(name=repr(name)[:80], known=name_list(OPTIMIZERS))
        )
    try:
        return kind(**settings)
    except OptimizerError:  # an invalid value; its message is complete
        raise
    except TypeError as error:
        raise OptimizerError(
            Text(
                zh="{name} 没有这样的设置：{error}。", en="{name} has no such setting: {error}."
            ).format(name=kind.__name__, error=error)
        ) from error


def named(what: str, name: str, known: Mapping[str, Named]) -> Named:
    """What has that name.

    Raises:
        SettingError: nothing has; the message lists the names.

    >>> named("schedule", "cosine", SCHEDULES).__name__
    'Cosine'
    """
    found = known.get(name)
    if found is None:
        raise SettingError(
            Text(
                zh="{what} 不能是 {name}；可用的有 {known}。",
                en="{what} must be one of {known}; got {name}.",
            ).format(what=what, name=repr(name)[:80], known=name_list(known))
        )
    return found
