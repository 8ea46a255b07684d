"""``handgrad judge``: the verdict of one answer, or of many."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handgrad.cli.console import Speaker, can_print, complain, is_terminal
from handgrad.cli.options import course_of, language_option
from handgrad.cli.progress import progress
from handgrad.course import Course, Level
from handgrad.errors import UsageError
from handgrad.languages import Text
from handgrad.sandbox import STRANGERS_LEVEL

if TYPE_CHECKING:
    from handgrad.diagnosis.verdict import Verdict
    from handgrad.judging import Answer

ONLY_YOUR_OWN = Text(
    zh="注意：隔离级别只有 {level}。只评测自己的代码；原因和办法见 handgrad doctor。",
    en="Note: the isolation level is {level}. Judge only your own code; `handgrad doctor` says why and "
    "what to do.",
)
UNREADABLE = 2
OUR_FAULT = 3


def command(speaker: Speaker) -> click.Command:
    """The command ``judge``."""

    @click.command(
        "judge",
        help=speaker.say(
            "评测一份或多份答案。文件写 - 表示从标准输入读取。",
            "Judge one answer or many. The file - is standard input.",
        ),
        params=[language_option(speaker)],
    )
    @click.argument("level")
    @click.argument("files", metavar=speaker.say("文件...", "FILE..."), nargs=-1, required=True)
    @click.option(
        "--class",
        "class_names",
        metavar=speaker.say("类名", "NAME"),
        multiple=True,
        help=speaker.say("只评测这个类。", "Judge only this class."),
    )
    @click.option(
        "--json",
        "as_json",
        is_flag=True,
        help=speaker.say("每个类输出一行 JSON。", "One JSON object a line for each class."),
    )
    @click.option(
        "--graded",
        is_flag=True,
        help=speaker.say("不透露任何正确值。", "Show no expected value."),
    )
    @click.option(
        "--seed",
        type=click.IntRange(min=0, max=2**63 - 1),
        help=speaker.say("随机种子，用来重现一次评测。", "The seed, to repeat a verdict."),
    )
    @click.option(
        "--isolation",
        type=click.IntRange(1, 3),
        default=1,
        envvar="HANDGRAD_ISOLATION",
        help=speaker.say(
            "隔离级别低于它就不评测；评测别人的代码请用 2 或 3。",
            "Judge nothing below this isolation level; for other people's code, 2 or 3.",
        ),
    )
    @click.option(
        "--counterexample",
        "script",
        type=click.Path(dir_okay=False, path_type=Path),
        help=speaker.say(
            "把第一个反例写成只用 NumPy 就能运行的脚本。",
            "Write the first counterexample as a script that needs NumPy alone.",
        ),
    )
    @click.pass_context
    def judge(
        context: click.Context,
        level: str,
        files: tuple[str, ...],
        class_names: tuple[str, ...],
        as_json: bool,
        graded: bool,
        seed: int | None,
        isolation: int,
        script: Path | None,
    ) -> int:
        course = course_of(context)
        chosen = course.level(level)
        require_classes(chosen, class_names)
        if script is not None:
            require_ours(script)
        wanted = Wanted(chosen, files, class_names, seed, graded, isolation, script)
        with _verdicts(course, wanted, speaker) as verdicts:
            if as_json:
                return _print_json(verdicts, len(files), speaker)
            return _print_readable(verdicts, chosen, len(files), speaker)

    return judge


def require_classes(level: Level, names: tuple[str, ...]) -> None:
    """Every class named is one that the level judges.

    Raises:
        UsageError: one is not; the message lists those that are.
    """
    for name in names:
        if level.judged_class(name) is None:
            raise UsageError(
                Text(
                    zh="关卡 {level} 不评测类 {name}；它评测：{names}。",
                    en="Level {level} judges no class {name}; it judges: {names}.",
                ).format(
                    level=level.name, name=name, names=", ".join(c.name for c in level.classes)
                )
            )


WRITTEN = Text(
    zh="反例已写入 {path}：python {path} 答案.py",
    en="The counterexample is in {path}: python {path} answer.py",
)
NOT_WRITTEN = Text(
    zh="没有反例可写：{path} 没有写入。", en="There is no counterexample: {path} was not written."
)
SCRIPT_BEGINS = '"""A counterexample'


def require_ours(path: Path) -> None:
    """A file that is to be written must not be there, or be a counterexample written earlier.

    Raises:
        UsageError: it is something else, an answer perhaps.
    """
    try:
        begins = path.read_text(encoding="utf-8", errors="replace")[: len(SCRIPT_BEGINS)]
    except FileNotFoundError:
        begins = SCRIPT_BEGINS
    except OSError as error:
        begins = str(error)
    if begins != SCRIPT_BEGINS or not path.absolute().parent.is_dir():
        raise UsageError(
            Text(
                zh="反例不能写到 {path}：那里有别的文件，或者没有这个文件夹。请换一个名字。",
                en="The counterexample cannot be written to {path}: another file is there, or there is "
                "no such folder. Choose another name.",
            ).format(path=path)
        )


def _write_script(path: Path, verdicts: list[Verdict]) -> bool:
    """Write the first counterexample that there is; whether there was one."""
    for verdict in verdicts:
        if verdict.counterexample is not None:
            path.write_text(verdict.counterexample.script, encoding="utf-8")
            return True
    return False


class _Results:
    """Verdicts as they come, and the exit status when all have come."""

    def __init__(self, batches: Iterator[list[Verdict]]) -> None:
        self._batches = batches
        self.status = 0
        self.is_any_unreadable = False
        self.is_script_written = False

    def __iter__(self) -> Iterator[list[Verdict]]:
        for batch in self._batches:
            self.status = max([self.status, *(verdict.exit_code for verdict in batch)])
            yield batch

    @property
    def exit_status(self) -> int:
        """3 when the fault is ours, 2 when a file could not be read, 1 when one did not pass."""
        if self.status < OUR_FAULT and self.is_any_unreadable:
            return UNREADABLE
        return self.status


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for."""

    level: Level
    files: tuple[str, ...]
    class_names: tuple[str, ...]
    seed: int | None
    graded: bool
    isolation: int
    script: Path | None


@contextlib.contextmanager
def _verdicts(course: Course, wanted: Wanted, speaker: Speaker) -> Iterator[_Results]:
    """The verdicts of every file that can be read; the others are complained of."""
    from handgrad.sandbox import Pool

    # The children load NumPy while this process loads its own.
    with Pool(expected=len(wanted.files)) as pool:
        from handgrad.judging import Judge

        judge = Judge(
            wanted.seed,
            graded=wanted.graded,
            pool=pool,
            course=course,
            minimum_isolation=wanted.isolation,
        )
        if len(wanted.files) > 1 and judge.isolation < STRANGERS_LEVEL:
            complain(speaker.text(ONLY_YOUR_OWN.format(level=judge.isolation)))

        def batches() -> Iterator[list[Verdict]]:
            for name in wanted.files:
                try:
                    answer = read_answer(name)
                except UsageError as error:
                    complain(speaker.text(error.text))
                    results.is_any_unreadable = True
                    continue
                verdicts = judge.judge(wanted.level, answer, wanted.class_names or None)
                if wanted.script is not None and not results.is_script_written:
                    results.is_script_written = _write_script(wanted.script, verdicts)
                yield verdicts

        results = _Results(batches())
        yield results
        if wanted.script is not None:
            told = WRITTEN if results.is_script_written else NOT_WRITTEN
            complain(speaker.text(told.format(path=wanted.script)))


def read_answer(name: str) -> Answer:
    """An answer from a file, or from standard input where it is named ``-``.

    Raises:
        UsageError: it cannot be read.
    """
    from handgrad.judging import Answer
    from handgrad.sandbox.limits import MAX_SOURCE_BYTES

    if name == "-":
        return Answer("<stdin>", sys.stdin.buffer.read(MAX_SOURCE_BYTES))
    return Answer.read(Path(name))


def _print_json(results: _Results, count: int, speaker: Speaker) -> int:
    with progress(count, speaker, sys.stderr) as advance:
        for batch in results:
            for verdict in batch:
                told = verdict.to_json()
                line = json.dumps(told, ensure_ascii=False)
                click.echo(line if can_print(line, sys.stdout) else json.dumps(told))
            advance()
    return results.exit_status


def _print_readable(results: _Results, level: Level, count: int, speaker: Speaker) -> int:
    from handgrad.cli.rendering import Renderer

    renderer = Renderer(speaker)
    every: list[Verdict] = []
    # On a terminal the bar stays below the verdicts; if they go into a file, it is all there is.
    stream = sys.stdout if is_terminal(sys.stdout) else sys.stderr
    console = renderer.console if stream is sys.stdout else None
    with progress(count, speaker, stream, console) as advance:
        for batch in results:
            for verdict in batch:
                renderer.show(verdict)
            every += batch
            advance()
    if count > 1 and every:
        renderer.summary(every)
    renderer.farewell(every, level)
    return results.exit_status
