"""``handgrad judge``: judges one or more answers."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handgrad.cli.answer_file import read_answer
from handgrad.cli.console import Speaker, complain, is_terminal, print_json
from handgrad.cli.options import course_of, isolation_option
from handgrad.cli.progress_bar import progress_bar
from handgrad.course import Level
from handgrad.errors import UsageError
from handgrad.languages import Text, name_list
from handgrad.sandbox import STRANGERS_LEVEL

if TYPE_CHECKING:
    from handgrad.diagnosis.verdict import Verdict
    from handgrad.judging import Judge

ONLY_YOUR_OWN = Text(
    zh="注意：隔离级别只有 {level}，请只评测自己的代码。运行 handgrad doctor 查看原因和解决办法。",
    en="Note: the isolation level is only {level}, so judge only your own code. `handgrad doctor` says "
    "why and what to do.",
)
UNREADABLE = 2
INTERNAL_ERROR = 3


def command(speaker: Speaker) -> click.Command:
    """The command ``judge``."""

    @click.command(
        "judge",
        help=speaker.say(
            "评测一份或多份答案。文件写 - 表示从标准输入读取。",
            "Judge one or more answers. FILE can be - for standard input.",
        ),
    )
    @click.argument("level", metavar=speaker.say("关卡", "LEVEL"))
    @click.argument("files", metavar=speaker.say("文件...", "FILE..."), nargs=-1, required=True)
    @click.option(
        "--class",
        "class_names",
        metavar=speaker.say("类名", "NAME"),
        multiple=True,
        help=speaker.say("只评测这个类。可以多次使用。", "Judge only this class. Can be repeated."),
    )
    @click.option(
        "--json",
        "as_json",
        is_flag=True,
        help=speaker.say("每个类输出一行 JSON。", "Print one JSON object per class."),
    )
    @click.option(
        "--graded",
        is_flag=True,
        help=speaker.say("不透露任何正确值。", "Do not reveal expected values."),
    )
    @click.option(
        "--seed",
        metavar="N",
        type=click.IntRange(min=0, max=2**63 - 1),
        help=speaker.say("随机种子，用来重现一次评测。", "Random seed, to repeat a verdict."),
    )
    @isolation_option(
        speaker.say(
            "隔离级别低于此值时拒绝评测；评测别人的代码请用 2 或 3。",
            "Refuse to judge below this isolation level. Use 2 or 3 for other people's code.",
        )
    )
    @click.option(
        "--counterexample",
        "script",
        metavar=speaker.say("文件", "FILE"),
        type=click.Path(dir_okay=False, path_type=Path),
        help=speaker.say(
            "把第一个反例写成只需要 NumPy 的脚本，存到这个文件。",
            "Write the first counterexample to this file, as a script that needs only NumPy.",
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
            require_replaceable(script)
        from handgrad.sandbox import Pool

        # The children load NumPy while this process loads its own.
        with Pool(expected=len(files)) as pool:
            from handgrad.judging import Judge

            judge = Judge(
                seed, graded=graded, pool=pool, course=course, minimum_isolation=isolation
            )
            if len(files) > 1 and judge.isolation < STRANGERS_LEVEL:
                complain(speaker.text(ONLY_YOUR_OWN.format(level=judge.isolation)))
            batches = _verdicts(judge, chosen, files, class_names, speaker)
            if as_json:
                every = _print_json(batches, len(files), speaker)
            else:
                every = _print_readable(batches, chosen, len(files), speaker)
        if script is not None:
            written = WRITTEN if _write_script(script, every) else NOT_WRITTEN
            complain(speaker.text(written.format(path=script)))
        return _exit_status(every)

    return judge


def require_classes(level: Level, names: tuple[str, ...]) -> None:
    """Check that the level judges each of these classes.

    Raises:
        UsageError: it does not; the message lists its classes.
    """
    for name in names:
        if level.judged_class(name) is None:
            raise UsageError(
                Text(
                    zh="关卡 {level} 里没有类 {name}。它的类有：{names}。",
                    en="Level {level} has no class {name}. Its classes: {names}.",
                ).format(
                    level=level.name, name=name, names=name_list(c.name for c in level.classes)
                )
            )


WRITTEN = Text(
    zh="反例已写入 {path}。运行：python {path} 答案.py",
    en="Wrote the counterexample to {path}. Run: python {path} answer.py",
)
NOT_WRITTEN = Text(
    zh="没有反例，所以没有写 {path}。", en="There is no counterexample, so {path} was not written."
)
SCRIPT_BEGINS = '"""A counterexample'


def require_replaceable(path: Path) -> None:
    """Check that the file does not exist yet, or is a counterexample written earlier.

    Raises:
        UsageError: it is another file, such as an answer, or its folder does not exist.
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
                zh="反例不能写到 {path}：那里已有别的文件，或者所在的文件夹不存在。请换一个名字。",
                en="The counterexample cannot be written to {path}: another file exists there, or the "
                "folder does not exist. Choose another name.",
            ).format(path=path)
        )


def _write_script(path: Path, every: list[list[Verdict]]) -> bool:
    """Write the first counterexample, if any verdict has one, and return whether it does."""
    for verdict in itertools.chain(*every):
        if verdict.counterexample is not None:
            path.write_text(verdict.counterexample.script, encoding="utf-8")
            return True
    return False


def _verdicts(
    judge: Judge,
    level: Level,
    files: tuple[str, ...],
    class_names: tuple[str, ...],
    speaker: Speaker,
) -> Iterator[list[Verdict]]:
    """The verdicts of every file; of one that cannot be read a message, and none."""
    for name in files:
        try:
            answer = read_answer(name)
        except UsageError as error:
            complain(speaker.text(error.text))
            yield []
        else:
            yield judge.judge(level, answer, class_names or None)


def _exit_status(every: list[list[Verdict]]) -> int:
    """3 if the judge failed, else 2 if a file could not be read, else 1 if a class did not pass."""
    status = max((verdict.exit_code for verdict in itertools.chain(*every)), default=0)
    return UNREADABLE if status < INTERNAL_ERROR and not all(every) else status


def _print_json(
    batches: Iterator[list[Verdict]], count: int, speaker: Speaker
) -> list[list[Verdict]]:
    every = []
    with progress_bar(count, speaker, sys.stderr) as advance:
        for batch in batches:
            for verdict in batch:
                print_json(verdict.to_json())
            every.append(batch)
            advance()
    return every


def _print_readable(
    batches: Iterator[list[Verdict]], level: Level, count: int, speaker: Speaker
) -> list[list[Verdict]]:
    from handgrad.cli.verdict_view import VerdictView

    view = VerdictView(speaker)
    every = []
    # On a terminal the bar stays below the verdicts. If they go into a file, it is on standard error.
    stream = sys.stdout if is_terminal(sys.stdout) else sys.stderr
    console = view.console if stream is sys.stdout else None
    with progress_bar(count, speaker, stream, console) as advance:
        for batch in batches:
            for verdict in batch:
                view.show(verdict)
            every.append(batch)
            advance()
    verdicts = list(itertools.chain(*every))
    if count > 1 and verdicts:
        view.summary(verdicts)
    view.point_to_hints(verdicts, level)
    return every
