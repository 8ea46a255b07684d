"""Mistakes that levels of one kind share; a level lists those that fit it."""

from __future__ import annotations

import numpy as np

from handgrad.checking.case import Received, Trial
from handgrad.checking.mistakes import Explanation, Mistake
from handgrad.languages import Text


def _follows_an_update(trial: Trial, array: str, received: Received) -> bool:
    """Whether the array is of a second call, and a parameter is not what it was before the first.

    Such an array cannot be the reference's, whatever else is right.
    """
    if trial.case.situation != "second-call":
        return False
    values = trial.observed.values
    return any(
        _differ(values.get(earlier), values.get(later))
        for later, earlier in trial.case.kept.items()
    )


def _differ(before: Received | None, after: Received | None) -> bool:
    if before is None or after is None or before.array is None or after.array is None:
        return False
    return not np.array_equal(before.array, after.array, equal_nan=True)


PARAMETERS_CHANGED_EARLIER = Mistake(
    "parameters-changed",
    Explanation(
        shows=Text(
            zh="第一次调用是对的；到第二次时，参数已经被第一次 backward 改动过，{array} 因此不对。",
            en="the first call is right; at the second one the first backward had changed the "
            "parameters, which tells in {array}.",
        ),
        because=Text(
            zh="backward 只求梯度，更新参数是优化器的事；在这里更新会让参数被更新两次。",
            en="backward computes gradients; updating parameters is the optimizer's work, and doing "
            "it here too updates them twice.",
        ),
        look_at=Text(
            zh="看看 backward 里有没有更新参数的语句。",
            en="Look for lines in backward that update a parameter.",
        ),
    ),
    recognise=_follows_an_update,
)
"""Of a layer with parameters: what an update inside backward does to the next call."""
