"""Writes the guide's page "why your gradient is wrong" from the catalogue: ``python tools/mistake_pages.py``.

``--check`` writes nothing and fails where a page is not what the catalogue gives.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from handgrad.checking.case import Trial
from handgrad.checking.counterexample import as_plain, worth_trying
from handgrad.checking.diagnosis import Finding
from handgrad.checking.examine import Examination
from handgrad.checking.mistakes import GENERIC, SIDE_EFFECTS, Mistake
from handgrad.checking.report import sentence
from handgrad.cli.matrices import drawn, shape_of
from handgrad.course import JudgedClass, Level, load_course
from handgrad.judging.preparation import prepare
from handgrad.languages import LANGUAGES, Text
from handgrad.sandbox import DEFAULT_LIMITS

GUIDE = Path(__file__).parent.parent / "docs" / "guide"
SEED = 7
WIDTH = 88

TITLE = Text(zh="# 梯度为什么不对", en="# Why your gradient is wrong")
INTRODUCTION = Text(
    zh="""[English](mistakes.md)

handgrad 认得的每一种错误都在这里：它让数组变成什么样，为什么不对，该看哪里。评测时只有当一种错误在**全部**测试里都与你的数组一致到最后几位，才会点它的名；否则只说测到了什么。

每一项都带一个可以手算的小例子：左边是犯了这个错误的代码给出的，右边是正确的。先用纸笔把右边算出来，再看左边是怎么来的。

这一页由错误目录生成：`python tools/mistake_pages.py`。""",
    en="""[中文](mistakes.zh.md)

Every mistake that handgrad knows by name: what it makes of the array, why that is wrong, and what to look at. A verdict names one only if it reproduces your array to the last digits in **every** case; otherwise it says what was measured, and accuses of nothing.

Each has an example small enough for pencil and paper: on the left what code with this mistake gives, on the right what is right. Work out the right side first, then find out how the left one came about.

This page is made from the catalogue: `python tools/mistake_pages.py`.""",
)
CONTENTS = Text(zh="## 目录", en="## Contents")
ANY_LAYER = Text(zh="## 任何一层都会犯的错", en="## In any layer")
ANY_INTRODUCTION = Text(
    zh="下面的例子以全连接层的 {array} 为例。",
    en="The examples take {array} of the fully connected layer.",
)
LEVEL = Text(zh="## {title}：{name}", en="## {title}: {name}")
WRONG, RIGHT = Text(zh="错 {array}", en="wrong {array}"), Text(zh="对 {array}", en="right {array}")
TWICE = Text(
    zh="（第一次调用用 x_earlier、dout_earlier，第二次用 x、dout；比较的是第二次。）",
    en="(The first call gets x_earlier and dout_earlier, the second x and dout; the second is compared.)",
)
OTHER = Text(
    zh="（另一个实例用 x_other、dout_other；比较的是第一个实例。）",
    en="(The other instance gets x_other and dout_other; the first instance is compared.)",
)


def pages() -> Iterator[tuple[Path, str]]:
    """Every page with what belongs into it."""
    for language in LANGUAGES:
        name = "mistakes.md" if language == "en" else f"mistakes.{language}.md"
        yield GUIDE / name, "\n\n".join(_page(language)) + "\n"


def _page(language: str) -> Iterator[str]:
    levels = load_course().levels
    sections = [
        (LEVEL.format(title=level.title, name=judged.name), level, judged)
        for level in levels
        for judged in level.classes
    ]
    yield TITLE[language]
    yield INTRODUCTION[language]
    yield CONTENTS[language]
    heads = [*(head for head, _, _ in sections), ANY_LAYER]
    yield "\n".join(f"- {head[language].removeprefix('## ')}" for head in heads)
    for head, level, judged in sections:
        yield head[language]
        for entry in level.mistakes:
            example = _example(level, judged, entry)
            if example is not None:
                yield from _entry(entry, example, language)
    yield ANY_LAYER[language]
    level, judged = levels[0], levels[0].classes[0]
    yield ANY_INTRODUCTION.format(array="dx, dW, db")[language]
    for entry in GENERIC:
        example = _example(level, judged, entry)
        yield from _entry(entry, example or ("dx", None), language)
    for entry in SIDE_EFFECTS:
        yield from _entry(entry, ("W" if "parameters" in entry.name else "x", None), language)


Example = tuple[str, tuple[Trial, object] | None]


def _example(level: Level, judged: JudgedClass, entry: Mistake) -> Example | None:
    """The array and the smallest case in which a mistake shows; None where it has no meaning."""
    prepared = prepare(level, [judged.name], SEED, DEFAULT_LIMITS).classes[0]
    with np.errstate(all="ignore"):
        for array in ("dW", "db", *judged.arrays):
            if array not in judged.arrays or not entry.is_about(array):
                continue
            if not (entry.predicts or entry.fit):
                return array, None
            if entry.fit is not None:
                return (array, None) if _fits(entry, prepared.small, array) else None
            finding = Finding(array, (entry,))
            order = worth_trying(
                prepared.small, Examination("wrong", (), findings=(finding,)), level.mistakes
            )
            trial = prepared.small[order[0]]
            said = finding.predicted(trial)
            if isinstance(said, np.ndarray) and as_plain(said) != as_plain(trial.expected[array]):
                return array, (trial, said)
    return None


def _fits(entry: Mistake, small: tuple[Trial, ...], array: str) -> bool:
    assert entry.fit is not None
    return any(entry.fit(trial, array) is not None for trial in small[:1])


def _entry(entry: Mistake, example: Example, language: str) -> Iterator[str]:
    array, shown = example
    words = entry.explanation
    fill = {"array": array, "factor": "a"}
    yield f"### `{entry.name}`"
    parts = (words.shows, words.because, words.look_at)
    shows, because, look_at = (sentence(part.format(**fill))[language] for part in parts)
    yield f"**{shows}** {because} *{look_at}*"
    if shown is not None:
        trial, said = shown
        yield "```text\n" + "\n".join(_drawn(trial, array, said, language)) + "\n```"
        if trial.case.situation != "one-call":
            yield (TWICE if trial.case.situation == "second-call" else OTHER)[language]


def _drawn(trial: Trial, array: str, said: object, language: str) -> Iterator[str]:
    inputs = {name: as_plain(value) for name, value in trial.case.inputs.items()}
    yield from (line.rstrip() for line in drawn(inputs, WIDTH))
    yield ""
    beside = [as_plain(said), as_plain(np.asarray(trial.expected[array]))]
    heads = [head.format(array=array)[language] for head in (WRONG, RIGHT)]
    shapes = [shape_of(value) for value in beside]
    if shapes[0] != shapes[1]:
        heads = [f"{head} {shape}" for head, shape in zip(heads, shapes, strict=True)]
    yield from (line.rstrip() for line in drawn(dict(zip(heads, beside, strict=True)), WIDTH))


def main() -> int:
    """Write the pages, or check them."""
    stale = []
    for path, text in pages():
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
    if stale:
        print(f"not what the catalogue gives: {', '.join(stale)}; run tools/mistake_pages.py")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
