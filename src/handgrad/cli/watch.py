"""``handgrad watch``: judges a file after every save, and continues with the next level after a pass."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from handgrad.cli.console import Speaker, is_terminal
from handgrad.cli.options import course_of
from handgrad.cli.start import write_template
from handgrad.course import Course, Level
from handgrad.errors import UsageError
from handgrad.languages import Text

POLL_SECONDS = 0.02
SETTLE_SECONDS = 0.5


def command(speaker: Speaker) -> click.Command:
    """The command ``watch``."""

    @click.command(
        "watch",
        help=speaker.say(
            "每次保存后重新评测。通过后进入下一关。按 Ctrl-C 结束。",
            "Judge a file after every save. After a pass, continue with the next level. Ctrl-C stops.",
        ),
    )
    @click.argument("level", metavar=speaker.say("关卡", "LEVEL"))
    @click.argument("file", metavar=speaker.say("[文件]", "[FILE]"), required=False)
    @click.option(
        "--seed",
        metavar="N",
        type=click.IntRange(min=0, max=2**63 - 1),
        help=speaker.say("随机种子。", "Random seed."),
    )
    @click.pass_context
    def watch(context: click.Context, level: str, file: str | None, seed: int | None) -> None:
        course = course_of(context)
        chosen = course.level(level)
        path = Path(file) if file else Path(chosen.answer_file)
        if not path.is_file():
            raise UsageError(_missing(path, chosen))
        _watch(course, chosen, path, seed, speaker)

    return watch


def _missing(path: Path, level: Level) -> Text:
    return Text(
        zh="找不到文件 {path}。请先写出模板：handgrad start {name}",
        en="There is no file {path}. Write the template first: handgrad start {name}",
    ).format(path=path, name=level.name)


def _watch(course: Course, level: Level, path: Path, seed: int | None, speaker: Speaker) -> None:
    from handgrad.sandbox import Pool

    with Pool(ahead=2) as pool:
        from handgrad.cli.verdict_view import VerdictView
        from handgrad.judging import Answer, Judge

        judge, view = Judge(seed, pool=pool, course=course), VerdictView(speaker)
        judge.prepare(level)
        current: Level | None = level
        while current is not None:
            source = _saved(path, before=None)
            while True:
                _clear()
                verdicts = judge.judge(current, Answer(str(path), source))
                for verdict in verdicts:
                    view.show(verdict)
                if all(verdict.verdict == "pass" for verdict in verdicts):
                    break
                _print(speaker.say(f"等待 {path} 保存……", f"Waiting for {path} to be saved …"))
                source = _saved(path, before=source)
            current = course.after(current.name)
            if current is not None:
                path = _next_answer(current, path.parent, speaker)
                judge.prepare(current)
        _print(speaker.say("所有关卡都已通过。", "All levels are passed."))


def _next_answer(level: Level, folder: Path, speaker: Speaker) -> Path:
    path = folder / level.answer_file
    if not path.exists():
        write_template(level, folder)
    _print(
        speaker.say(
            f"下一关：{level.title.zh}。请在 {path} 里写代码；讲解：handgrad levels show {level.name}",
            f"Next level: {level.title.en}. Write your code in {path}; explanation: "
            f"handgrad levels show {level.name}",
        )
    )
    _saved(path, before=path.read_bytes())  # the last verdict stays until the next save
    return path


def _saved(path: Path, before: bytes | None) -> bytes:
    """Wait until the file holds something new, and return it.

    Editors replace files or write them in two steps, so a missing or empty file is waited for; one
    that stays empty for half a second counts as saved.
    """
    stamp: tuple[int, int] | None = None
    empty_since: float | None = None
    while True:
        try:
            status = path.stat()
            if before is None or (status.st_mtime_ns, status.st_size) != stamp:
                stamp = (status.st_mtime_ns, status.st_size)
                source = path.read_bytes()
                if source != before and (source or _long_ago(empty_since)):
                    return source
                empty_since = None if source else empty_since or time.monotonic()
                if not source:
                    stamp = None
        except OSError:
            stamp = None
        time.sleep(POLL_SECONDS)


def _long_ago(moment: float | None) -> bool:
    return moment is not None and time.monotonic() - moment > SETTLE_SECONDS


def _clear() -> None:
    if is_terminal(sys.stdout):
        click.clear()


def _print(message: str) -> None:
    click.echo(message)
    sys.stdout.flush()
