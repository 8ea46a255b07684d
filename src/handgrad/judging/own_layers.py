"""A learner's own layers in a later level: those that passed take the place of the given ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence

from handgrad.checking.verdict import Verdict
from handgrad.course import Level
from handgrad.judging.answer import Answer, PassedSource
from handgrad.judging.judge import Judge
from handgrad.languages import Text
from handgrad.store.progress import PassedClass

WITH_YOURS = Text(
    zh="（用的是你自己写的 {names}。）",
    en=" It ran on your own {names}.",
)
NOT_WITH_YOURS = Text(
    zh="（与你自己写的 {names} 连起来却不对，所以这里用的是关卡自带的：请看看它们的警告。）",
    en=" With your own {names} it fails, so the level's were used: look at their warnings.",
)


def passed_for(level: Level, passed: Iterable[PassedClass]) -> tuple[PassedSource, ...]:
    """What a learner passed of the classes that a level is given, file by file."""
    sources = {(one.level, one.class_name): one.source for one in passed}
    by_source: dict[bytes, list[str]] = {}
    for given in level.given:
        source = sources.get((given.level or "", given.name))
        if source is not None:
            by_source.setdefault(source, []).append(given.name)
    return tuple(PassedSource(tuple(names), source) for source, names in by_source.items())


def judge_with_own(
    judge: Judge, level: Level, answer: Answer, own: Callable[[], tuple[PassedSource, ...]]
) -> list[Verdict]:
    """The verdicts of an answer whose learner may have own layers; `own` is asked for them if need be.

    A layer may pass its own level and yet fail in a network, for it wrote into an array of somebody
    else's. That is no fault of the class judged here. So the level's layers decide, and a pass is then
    tried with the learner's own.
    """
    alone = judge.judge(level, answer)
    if not level.given or not _all_pass(alone):
        return alone
    passed = own()
    if not passed:
        return alone
    with_own = judge.judge(level, dataclasses.replace(answer, passed=passed))
    names = ", ".join(name for one in passed for name in one.names)
    if _all_pass(with_own):
        decided = _with_remark(with_own, WITH_YOURS.format(names=names))
    else:
        decided = _with_remark(alone, NOT_WITH_YOURS.format(names=names))
    return [
        dataclasses.replace(one, milliseconds=first.milliseconds + second.milliseconds)
        for one, first, second in zip(decided, alone, with_own, strict=True)
    ]


def _all_pass(verdicts: Sequence[Verdict]) -> bool:
    return all(verdict.verdict == "pass" for verdict in verdicts)


def _with_remark(verdicts: Sequence[Verdict], remark: Text) -> list[Verdict]:
    return [dataclasses.replace(one, message=one.message + remark) for one in verdicts]
