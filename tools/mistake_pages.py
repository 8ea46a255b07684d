"""Writes the guide's page "why your gradient is wrong" from the catalogue: ``python tools/mistake_pages.py``.

``--check`` writes nothing and fails where a page is not up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from handgrad.cli.matrix_text import matrix_lines, shape_of
from handgrad.course import JudgedClass, Level, load_course
from handgrad.diagnosis.case import Trial
from handgrad.diagnosis.counterexample.counterexample import as_plain
from handgrad.diagnosis.counterexample.shrinking import candidate_places, promising_places
from handgrad.diagnosis.diagnose import Diagnosis
from handgrad.diagnosis.mistake_matching import MatchedMistakes
from handgrad.diagnosis.mistakes import GENERIC, SIDE_EFFECTS, Mistake
from handgrad.judging.prepared_class import PreparedClass, prepare_class
from handgrad.languages import LANGUAGES, Text, name_list

GUIDE = Path(__file__).parent.parent / "docs" / "guide"
SEED = 7
WIDTH = 88
MOST_SHOWN = 24

TITLE = Text(zh="# 梯度为什么不对", en="# Why your gradient is wrong")
INTRODUCTION = Text(
    zh="""[English](mistakes.md)

这里列出 handgrad 认识的每一种错误：它会让数组变成什么样，为什么不对，该检查哪里。只有当一种错误在**全部**测试里都与你的数组一致到最后几位，评测才会指出它；否则只报告测到的结果。

**怎么用这一页。** 从表里找到你的数组和你看到的现象，点进去。大多数都带一个可以手算的小例子：左边是错误代码的结果，右边是正确结果，下面一行演示正确结果里的一个数是怎么算的。先用纸笔算出右边，再想左边是怎么来的。

这一页由错误目录自动生成：`python tools/mistake_pages.py`。""",
    en="""[中文](mistakes.zh.md)

All the mistakes that handgrad knows: what each one does to the array, why that is wrong, and what to check. A verdict names a mistake only if it reproduces your array to the last digits in **every** case; otherwise it only reports what was measured.

**How to use this page.** Find your array and what you see in the table, and follow the link. Most mistakes have an example small enough for pencil and paper: on the left the result of code with this mistake, on the right the correct result, and below it one of the correct numbers worked out. Compute the right side first, then find out how the left side comes about.

This page is generated from the catalogue: `python tools/mistake_pages.py`.""",
)
CONTENTS = Text(zh="## 目录", en="## Contents")
ANY_LAYER = Text(zh="## 任何层都可能犯的错误", en="## In any layer")
ANY_INTRODUCTION = Text(
    zh="下面的例子取自全连接层的 {array}。",
    en="The examples use {array} of the fully connected layer.",
)
LEVEL = Text(zh="## {title}：{name}", en="## {title}: {name}")
TABLE = Text(zh="| 数组 | 你看到的现象 | 错误 |", en="| array | what you see | mistake |")
ALL_ARRAYS = Text(zh="任一个", en="any")
OF_RIGHT = Text(zh="正确结果：{line}", en="correct: {line}")
WRONG = Text(zh="错误的 {array}", en="wrong {array}")
RIGHT = Text(zh="正确的 {array}", en="correct {array}")
TWICE = Text(
    zh="（第一次调用用 x_earlier、dout_earlier，第二次用 x、dout；比较的是第二次。）",
    en="(The first call uses x_earlier and dout_earlier, the second x and dout; the second one is compared.)",
)
OTHER = Text(
    zh="（另一个实例用 x_other、dout_other；比较的是第一个实例。）",
    en="(The other instance uses x_other and dout_other; the first instance is compared.)",
)


def pages() -> Iterator[tuple[Path, str]]:
    """Every page and its content."""
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
    heads = [(head, judged.name) for head, _, judged in sections] + [(ANY_LAYER, ANY)]
    yield "\n".join(f"- [{h[language].removeprefix('## ')}](#{_anchor(n)})" for h, n in heads)
    for head, level, judged in sections:
        examples = [(entry, _example(level, judged, entry)) for entry in level.mistakes]
        shown = [Shown(entry, level, judged, *e) for entry, e in examples if e is not None]
        yield from _section(head, judged.name, shown, language)
    level, judged = levels[0], levels[0].classes[0]
    shown = [
        Shown(entry, level, judged, *(_example(level, judged, entry) or ("dx", None)))
        for entry in GENERIC
    ]
    shown += [
        Shown(entry, level, judged, "W" if "parameters" in entry.name else "x", None)
        for entry in SIDE_EFFECTS
    ]
    yield from _section(ANY_LAYER, ANY, shown, language)


ANY = "any-layer"


@dataclass(frozen=True)
class Shown:
    """A mistake as the page shows it: in an array, with or without an example."""

    entry: Mistake
    level: Level
    judged: JudgedClass
    array: str
    example: tuple[Trial, object] | None

    def says(self, language: str) -> tuple[str, str, str]:
        """What the array shows, why it is wrong, what to check."""
        words, fill = self.entry.explanation, {"array": self.array, "factor": "c"}
        parts = (words.shows, words.because, words.look_at)
        sentences = (part.format(**fill)[language] for part in parts)
        one, two, three = map(_without_emphasis, sentences)
        return one, two, three


def _without_emphasis(text: str) -> str:
    """An asterisk is an asterisk, in code as it is."""
    parts = text.split("`")
    return "`".join(part if i % 2 else part.replace("*", "\\*") for i, part in enumerate(parts))


def _anchor(section: str, entry: str = "") -> str:
    return f"{section}-{entry}".strip("-").lower()


def _section(head: Text, name: str, shown: list[Shown], language: str) -> Iterator[str]:
    """A table of all, then each; several forms of one mistake are together."""
    yield f'<a id="{_anchor(name)}"></a>\n\n{head[language]}'
    if name == ANY:
        yield ANY_INTRODUCTION.format(array=name_list(("dx", "dW", "db")))[language]
    rows = dict.fromkeys(_rows(name, shown, language))
    yield "\n".join([TABLE[language], "| --- | --- | --- |", *rows])
    together: dict[str, list[Shown]] = {}
    for one in shown:
        together.setdefault(one.entry.name, []).append(one)
    for entry, forms in together.items():
        yield f'<a id="{_anchor(name, entry)}"></a>\n\n### `{entry}`'
        said = ""
        for form in forms:
            words, *example = _entry(form, language)
            yield from example if words == said else [words, *example]
            said = words


def _rows(name: str, shown: list[Shown], language: str) -> Iterator[str]:
    for one in shown:
        array = one.array
        if name == ANY and not one.entry.arrays and one.example is not None:
            array = ALL_ARRAYS[language]
        link = f"[`{one.entry.name}`](#{_anchor(name, one.entry.name)})"
        yield f"| {array} | {one.says(language)[0]} | {link} |"


Example = tuple[str, tuple[Trial, object] | None]


def _example(level: Level, judged: JudgedClass, entry: Mistake) -> Example | None:
    """The array and a small case in which a mistake shows well; None where it does not apply."""
    prepared = prepare_class(level, judged, SEED)
    with np.errstate(all="ignore"):
        for array in ("dW", "db", *judged.arrays):
            if array not in judged.arrays or not entry.is_about(array):
                continue
            if entry.recognise is not None:
                return array, _sampled(entry, prepared.small_trials, array)
            if entry.fit is not None:
                return (array, None) if _fits(entry, prepared.small_trials, array) else None
            trial = _telling(entry, prepared, array)
            said = None if trial is None else MatchedMistakes(array, (entry,)).predicted(trial)
            if trial is not None and isinstance(said, np.ndarray):
                return array, (trial, said)
    return None


def _telling(entry: Mistake, prepared: PreparedClass, array: str) -> Trial | None:
    """The smallest trial that tells the mistake from all others, of two samples or more if there is one."""
    match = MatchedMistakes(array, (entry,))
    diagnosis = Diagnosis("wrong", (), matches=(match,))

    def best(trials: list[Trial]) -> Trial | None:
        order = candidate_places(trials, diagnosis)
        order = promising_places(order, trials, diagnosis, prepared.small_predictions)
        for place in order[:1]:
            said = match.predicted(trials[place])
            right = as_plain(trials[place].expected[array])
            if isinstance(said, np.ndarray) and as_plain(said) != right:
                return trials[place]
        return None

    several = [trial for trial in prepared.small_trials if (trial.case.batch_size or 0) > 1]
    return best(several) or best(list(prepared.small_trials))


def _sampled(entry: Mistake, small: tuple[Trial, ...], array: str) -> tuple[Trial, object] | None:
    """What a mistake of form looks like, where it is an array."""
    trial = next(trial for trial in small if trial.case.batch_size == 2)
    sample = entry.sample and entry.sample(trial, array)
    if not sample or sample.array is None or sample.array.size > MOST_SHOWN:
        return None
    return trial, sample.array


def _fits(entry: Mistake, small: tuple[Trial, ...], array: str) -> bool:
    assert entry.fit is not None
    return any(entry.fit(trial, array) is not None for trial in small[:1])


def _entry(form: Shown, language: str) -> Iterator[str]:
    shows, because, look_at = form.says(language)
    yield f"**{shows}** {because} *{look_at}*"
    if form.example is None:
        return
    trial, said = form.example
    lines = [*_drawn(trial, form.array, said, language)]
    worked = _worked_out(form, trial, said)
    if worked:
        lines += ["", OF_RIGHT.format(line=worked)[language]]
    yield "```text\n" + "\n".join(lines) + "\n```"
    if trial.case.situation != "one-call":
        yield (TWICE if trial.case.situation == "second-call" else OTHER)[language]


def _worked_out(form: Shown, trial: Trial, said: object) -> str | None:
    """The first number that is wrong, as it is right."""
    right, wrong = np.asarray(trial.expected[form.array]), np.asarray(said)
    index = (0,) * right.ndim
    if right.shape == wrong.shape and right.ndim:
        differs = np.argwhere(~(np.abs(right - wrong) < 1e-9))
        index = tuple(int(i) for i in differs[0]) if len(differs) else index
    return form.level.by_hand(form.judged.name, form.array, index, trial.case)


def _drawn(trial: Trial, array: str, said: object, language: str) -> Iterator[str]:
    inputs = {name: as_plain(value) for name, value in trial.case.inputs.items()}
    yield from (line.rstrip() for line in matrix_lines(inputs, WIDTH))
    yield ""
    beside = [as_plain(said), as_plain(np.asarray(trial.expected[array]))]
    heads = [head.format(array=array)[language] for head in (WRONG, RIGHT)]
    shapes = [shape_of(value) for value in beside]
    if shapes[0] != shapes[1]:
        heads = [f"{head} {shape}" for head, shape in zip(heads, shapes, strict=True)]
    yield from (
        line.rstrip() for line in matrix_lines(dict(zip(heads, beside, strict=True)), WIDTH)
    )


def main() -> int:
    """Write the pages, or check them."""
    stale = []
    for path, text in pages():
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
    if stale:
        print(
            f"Not up to date: {', '.join(stale)}. Run python tools/mistake_pages.py and commit the pages."
        )
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
