"""A learner's own layers in a later level: those that passed replace the given ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import TypeAlias

from handgrad.diagnosis.verdict import Verdict
from handgrad.judging.answer import OwnLayers
from handgrad.languages import Text, name_list

LoadOwnLayers: TypeAlias = Callable[[], tuple[OwnLayers, ...]]
"""Reads a learner's own layers; called only where an answer passes and its level is given layers."""

WITH_OWN = Text(
    zh="（用的是你自己写的 {names}。）",
    en=" It ran on your own {names}.",
)
FAILS_WITH_OWN = Text(
    zh="（换成你自己写的 {names} 就不对了，所以这里用的是关卡自带的；请看它们在自己的关卡里得到的提醒。）",
    en=" With your own {names} it fails, so the level's layers were used. Check the warnings of yours.",
)


def verdicts_with_own_layers(
    alone: Sequence[Verdict], with_own: Sequence[Verdict], own_layers: Sequence[OwnLayers]
) -> list[Verdict]:
    """The verdicts that count of an answer that passes with the level's layers, from both of its runs.

    A layer may pass its own level and still break a network, because it writes into the caller's
    array. The class judged here is not to blame for that. So the level's layers decide, and a pass is
    then tried with the learner's own.
    """
    names = name_list(name for one in own_layers for name in one.names)
    if len(with_own) == len(alone) and all_pass(with_own):
        return _with_remark(with_own, WITH_OWN.format(names=names))
    return _with_remark(alone, FAILS_WITH_OWN.format(names=names))


def all_pass(verdicts: Sequence[Verdict]) -> bool:
    """Whether every verdict is a pass."""
    return all(verdict.verdict == "pass" for verdict in verdicts)


def _with_remark(verdicts: Sequence[Verdict], remark: Text) -> list[Verdict]:
    return [dataclasses.replace(one, message=one.message + remark) for one in verdicts]
