"""A learner's own layers in a later level: those that passed take the place of the given ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import TypeAlias

from handgrad.diagnosis.verdict import Verdict
from handgrad.judging.answer import PassedSource
from handgrad.languages import Text

Own: TypeAlias = Callable[[], tuple[PassedSource, ...]]
"""Asked for a learner's own layers where they can serve: where an answer passes."""

WITH_YOURS = Text(
    zh="（用的是你自己写的 {names}。）",
    en=" It ran on your own {names}.",
)
NOT_WITH_YOURS = Text(
    zh="（与你自己写的 {names} 连起来却不对，所以这里用的是关卡自带的：请看看它们的警告。）",
    en=" With your own {names} it fails, so the level's were used: look at their warnings.",
)


def decided_with_own(
    alone: Sequence[Verdict], with_own: Sequence[Verdict], passed: Sequence[PassedSource]
) -> list[Verdict]:
    """Of two runs of an answer that passes with the level's layers, the one that counts.

    A layer may pass its own level and yet fail in a network, for it wrote into an array of somebody
    else's. That is no fault of the class judged here. So the level's layers decide, and a pass is then
    tried with the learner's own.
    """
    names = ", ".join(name for one in passed for name in one.names)
    if len(with_own) == len(alone) and all_pass(with_own):
        return _with_remark(with_own, WITH_YOURS.format(names=names))
    return _with_remark(alone, NOT_WITH_YOURS.format(names=names))


def all_pass(verdicts: Sequence[Verdict]) -> bool:
    """Whether there is nothing that does not pass."""
    return all(verdict.verdict == "pass" for verdict in verdicts)


def _with_remark(verdicts: Sequence[Verdict], remark: Text) -> list[Verdict]:
    return [dataclasses.replace(one, message=one.message + remark) for one in verdicts]
