"""Checks that a level is sound: its solution passes, its template does not, wrong answers fail as declared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handgrad.course import Level, PlantedAnswer
from handgrad.diagnosis.exposed_mistakes import (
    ExposedMistakes,
    MistakePairs,
    mistake_pairs,
    unobserved_trials,
)
from handgrad.diagnosis.verdict import Verdict
from handgrad.errors import LevelError
from handgrad.judging.answer import Answer
from handgrad.judging.judge import Judge
from handgrad.languages import LANGUAGES, Text, name_list

MIN_STATEMENT = 400


@dataclass(frozen=True)
class SoundnessFinding:
    """A requirement that a level does not meet: in which file, and what is wrong."""

    level: str
    part: str
    text: Text


def check_level(judge: Judge, level: Level) -> list[SoundnessFinding]:
    """Every requirement that the level does not meet; an empty list means that it is sound.

    The solution passes without a warning. The template is unanswered. Every planted answer gets the
    verdict, the kind, the mistakes and the warnings that it declares. Every class has a wrong answer.
    Statement, hints and titles exist in both languages. The cases expose every known mistake and tell
    every two of them apart.
    """
    return [*_texts(level), *_coverage(judge, level), *_answers(judge, level)]


@dataclass(frozen=True)
class MistakeCoverage:
    """Which known mistakes the cases of a class expose, and which they tell apart."""

    class_name: str
    exposure: ExposedMistakes
    separation: MistakePairs


def mistake_coverage(judge: Judge, level: Level) -> list[MistakeCoverage]:
    """The coverage of every class, with the cases of the judge's seed."""
    found = []
    for judged in level.classes:
        [prepared] = judge.prepare(level, [judged.name]).classes
        trials = unobserved_trials(zip(prepared.cases, prepared.expected, strict=True))
        apart = mistake_pairs(trials, level.mistakes)
        found.append(MistakeCoverage(judged.name, prepared.exposure, apart))
    return found


def _coverage(judge: Judge, level: Level) -> Iterator[SoundnessFinding]:
    try:
        found = mistake_coverage(judge, level)
    except LevelError as error:
        yield SoundnessFinding(level.name, "cases.py", error.text)
        return
    for one in found:
        if one.exposure.not_exposed:
            names = name_list(one.exposure.not_exposed)
            yield _finding(level, "cases.py", NOT_EXPOSED, name=one.class_name, mistakes=names)
        for pair in one.separation.same:
            yield _finding(level, "mistakes.py", SAME, name=one.class_name, pair=" = ".join(pair))


def _texts(level: Level) -> Iterator[SoundnessFinding]:
    for part in ("title", "summary"):
        for language in LANGUAGES:
            if not getattr(level, part)[language].strip():
                yield _finding(level, f"level.toml {part}.{language}", EMPTY)
    try:
        statement, hints = level.statement, level.hints
    except LevelError as error:
        yield SoundnessFinding(level.name, "texts", error.text)
        return
    for language in LANGUAGES:
        text = statement[language]
        if len(text) < MIN_STATEMENT:
            yield _finding(level, f"statement.{language}.md", TOO_SHORT)
        for judged in level.classes:
            if judged.name not in text:
                yield _finding(level, f"statement.{language}.md", UNMENTIONED, name=judged.name)
        if not all(hint[language].strip() for hint in hints) or not hints:
            yield _finding(level, f"hints.{language}.md", EMPTY)
    zh, en = (_headings(statement[language]) for language in LANGUAGES)
    if zh != en:
        yield _finding(level, "statement.*.md", OTHER_HEADINGS, zh=zh, en=en)


def _headings(markdown: str) -> list[int]:
    """The depth of every heading, in order."""
    return [len(marks) for marks in re.findall(r"^(#+) ", markdown, re.MULTILINE)]


def _answers(judge: Judge, level: Level) -> Iterator[SoundnessFinding]:
    try:
        solution = judge.judge(level, Answer("solution.py", level.solution.encode()))
        template = judge.judge(level, Answer("template.py", level.template.encode()))
        planted = [*level.wrong_answers, *level.right_answers]
    except LevelError as error:
        yield SoundnessFinding(level.name, "files", error.text)
        return
    for verdict in solution:
        if verdict.verdict != "pass" or verdict.warnings:
            yield _finding(
                level, "solution.py", NOT_PASSING, got=_short(verdict), why=verdict.message
            )
    for verdict in template:
        if verdict.kind != "unanswered":
            yield _finding(level, "template.py", NOT_UNANSWERED, got=_short(verdict))
    for answer in planted:
        yield from _planted(judge, level, answer)
    for judged in level.classes:
        if not any(a.class_name in (None, judged.name) for a in level.wrong_answers):
            yield _finding(level, "wrong/", NO_WRONG_ANSWER, name=judged.name)


def _planted(judge: Judge, level: Level, planted: PlantedAnswer) -> Iterator[SoundnessFinding]:
    part = f"{planted.path.parent.name}/{planted.path.name}"
    if planted.class_name is not None and level.judged_class(planted.class_name) is None:
        yield _finding(level, part, NO_SUCH_CLASS, name=planted.class_name)
        return
    is_right = planted.path.parent.name == "right"
    if is_right != (planted.verdict == "pass"):
        yield _finding(level, part, WRONG_FOLDER)
    names = None if planted.class_name is None else [planted.class_name]
    for verdict in judge.judge(level, Answer(planted.path.name, planted.source), names):
        if verdict.verdict != planted.verdict or verdict.kind != planted.kind:
            yield _finding(
                level,
                part,
                OTHER_VERDICT,
                declared=f"{planted.verdict} {planted.kind or ''}".strip(),
                got=_short(verdict),
                why=verdict.message,
            )
            continue
        named = {(mistake.array or "", mistake.mistake) for mistake in verdict.mistakes}
        if planted.mistakes != named:
            yield _finding(
                level, part, OTHER_MISTAKES, declared=_pairs(planted.mistakes), got=_pairs(named)
            )
        if planted.warnings != set(verdict.warnings):
            yield _finding(
                level,
                part,
                OTHER_WARNINGS,
                declared=", ".join(sorted(planted.warnings)) or "—",
                got=", ".join(verdict.warnings) or "—",
            )


def _short(verdict: Verdict) -> str:
    kind = f" ({verdict.kind})" if verdict.kind else ""
    warned = f" [{', '.join(verdict.warnings)}]" if verdict.warnings else ""
    return f"{verdict.class_name}: {verdict.verdict}{kind}{warned}"


def _pairs(mistakes: frozenset[tuple[str, str]] | set[tuple[str, str]]) -> str:
    return ", ".join(sorted(f"{a}: {m}" if a else m for a, m in mistakes)) or "—"


def _finding(level: Level, part: str, text: Text, **values: object) -> SoundnessFinding:
    return SoundnessFinding(level.name, part, text.format(**values))


EMPTY = Text(zh="是空的", en="is empty")
TOO_SHORT = Text(zh="太短，不足以让人学会", en="is too short to learn from")
UNMENTIONED = Text(zh="没有提到类 {name}", en="does not mention the class {name}")
OTHER_HEADINGS = Text(
    zh="两种语言的标题结构不同：{zh} 与 {en}",
    en="the headings differ: {zh} in Chinese, {en} in English",
)
NOT_EXPOSED = Text(
    zh="{name} 的测试抓不住这些已知错误：{mistakes}",
    en="the cases of {name} would not expose these known mistakes: {mistakes}",
)
SAME = Text(
    zh="{name}：没有测试能分开 {pair}；把它们并成一项，或加一个能分开它们的测试",
    en="{name}: no case tells {pair} apart; make them one entry, or add a case that does",
)
NOT_PASSING = Text(
    zh="必须通过，而且没有提醒，得到的是 {got}。{why}",
    en="must pass without a warning; got {got}. {why}",
)
NOT_UNANSWERED = Text(zh="必须得到 unanswered，得到的是 {got}", en="must get unanswered; got {got}")
NO_WRONG_ANSWER = Text(
    zh="没有 {name} 的错误答案：抓不到错误的测试不算测试",
    en="holds no wrong answer for {name}: cases that never fail prove nothing",
)
NO_SUCH_CLASS = Text(zh="关卡里没有类 {name}", en="the level has no class {name}")
WRONG_FOLDER = Text(
    zh="right/ 里的必须声明 pass，wrong/ 里的不能",
    en="answers in right/ declare pass, those in wrong/ do not",
)
OTHER_VERDICT = Text(
    zh="声明的是 {declared}，得到的是 {got}。{why}", en="declares {declared}; got {got}. {why}"
)
OTHER_MISTAKES = Text(
    zh="声明的错误是 {declared}，得到的是 {got}", en="declares the mistakes {declared}; got {got}"
)
OTHER_WARNINGS = Text(
    zh="声明的提醒是 {declared}，得到的是 {got}", en="declares the warnings {declared}; got {got}"
)
