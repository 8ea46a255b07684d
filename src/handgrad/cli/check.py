"""``handgrad check``: is the backward pass in this file right?"""

from __future__ import annotations

import json
import sys
import traceback
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handgrad.cli.console import Speaker, can_print, complain
from handgrad.cli.options import language_option
from handgrad.errors import CheckError, UsageError

if TYPE_CHECKING:
    from handgrad.gradcheck.report.gradient_report import GradientReport

WRONG = 1
DTYPES = ("float64", "float32", "float16", "bfloat16")
STYLES = {"right": "green", "wrong": "red", "cannot-tell": "yellow"}


def command(speaker: Speaker) -> click.Command:
    """The command ``check``."""
    say = speaker.say

    @click.command(
        "check",
        help=say(
            "检查一个文件里的 backward 对不对，不需要标准答案：NumPy 的层、torch 的 Function 和 "
            "Module、JAX 的函数。文件会在本进程中运行：只检查自己的代码。\n\n"
            "handgrad check layer.py:FullyConnected --with W=5x3 --with b=3 --input 4x5",
            "Is the backward pass in a file right? No reference is needed: layers of NumPy, Functions "
            "and modules of torch, functions of JAX. The file runs in this process: check only your "
            "own code.\n\n"
            "handgrad check layer.py:FullyConnected --with W=5x3 --with b=3 --input 4x5",
        ),
        params=[language_option(speaker)],
    )
    @click.argument("target", metavar=say("文件:名字", "FILE:NAME"))
    @click.option(
        "--input",
        "inputs",
        multiple=True,
        metavar=say("形状", "SHAPE"),
        help=say("forward 的一个输入：4x5，或 x=4x5。", "An input of forward: 4x5, or x=4x5."),
    )
    @click.option(
        "--with",
        "arguments",
        multiple=True,
        metavar=say("名字=形状", "NAME=SHAPE"),
        help=say(
            "创建对象的参数：W=5x3 是随机数组，eps:=0.1 是值。",
            "An argument of the class: W=5x3 is a random array, eps:=0.1 a value.",
        ),
    )
    @click.option("--dtype", type=click.Choice(DTYPES), default="float64", show_default=True)
    @click.option(
        "--library",
        type=click.Choice(("numpy", "torch", "jax")),
        help=say("输入用哪个库的数组；默认看对象而定。", "Whose arrays the inputs are."),
    )
    @click.option("--seed", type=click.IntRange(min=0), help=say("随机种子。", "The seed."))
    @click.option(
        "--strict",
        is_flag=True,
        help=say("无法判断也算失败。", "Fail where nothing can be told, too."),
    )
    @click.option("--json", "as_json", is_flag=True, help=say("输出 JSON。", "Print JSON."))
    @click.option(
        "--html",
        "page",
        type=click.Path(dir_okay=False, path_type=Path),
        help=say("把报告写成网页。", "Write the report as a page."),
    )
    def check(as_json: bool, page: Path | None, strict: bool, **asked: Any) -> int:
        report = _checked(speaker, **asked)
        if report is None:
            return WRONG
        if page is not None:
            _write_page(page, report, speaker)
        if as_json:
            told = report.to_json()
            line = json.dumps(told, ensure_ascii=False)
            click.echo(line if can_print(line, sys.stdout) else json.dumps(told))
        else:
            show(report, speaker)
        fails = report.verdict == "wrong" or (strict and report.verdict != "right")
        return WRONG if fails else 0

    return check


def _checked(
    speaker: Speaker,
    *,
    target: str,
    inputs: tuple[str, ...],
    arguments: tuple[str, ...],
    dtype: str,
    library: Any,
    seed: int | None,
) -> GradientReport | None:
    """The report; None where the code under check raised, which is then said."""
    from handgrad.arrays import seeded
    from handgrad.check_context import seed_for_check
    from handgrad.cli.target import drawn, library_of, load, made, shaped
    from handgrad.gradcheck.check import check
    from handgrad.seeds import seed_of

    thing, path = load(target)
    whose = library or library_of(thing)
    chosen = seed_for_check(seed)
    rng = seeded(seed_of(str(chosen), "inputs"))

    def draw(shape: tuple[int, ...]) -> Any:
        return drawn(shape, rng, dtype, whose)

    shapes = [shaped(text) for text in inputs]
    one, make = made(thing, arguments, draw)
    names = [name for name, _ in shapes if name is not None]
    given = [draw(shape) for _, shape in shapes]
    try:
        return check(
            make if make is not None and whose == "numpy" else one,
            *given,
            seed=chosen,
            names=names if names and len(names) == len(shapes) else None,
        )
    except CheckError as error:
        raise UsageError(error.text) from error
    except Exception as error:  # noqa: BLE001 -- the code under check may raise anything
        _complain_of(error, path, given, speaker)
        return None


def _complain_of(error: Exception, path: Path, inputs: list[Any], speaker: Speaker) -> None:
    """What was raised, the innermost line of the file that was checked, and what it was given."""
    from handgrad.gradcheck.adapters.argument_descriptions import described

    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename) == path or Path(frame.filename) == path.resolve()
    ]
    where = f"{path}:{own[-1].lineno}: {own[-1].line}" if own else str(path)
    what = f"{type(error).__name__}: {error}"
    given = ", ".join(map(described, inputs)) or "()"
    where += "\n  " + speaker.say(f"输入：{given}", f"Inputs: {given}")
    complain(speaker.say(f"检查时抛出异常：{what}\n  {where}", f"It raises: {what}\n  {where}"))


def show(report: GradientReport, speaker: Speaker) -> None:
    """The report on a terminal: the verdict in its colour, and a map of what is wrong."""
    from rich.console import Console
    from rich.text import Text as Styled

    from handgrad.cli.wrapping import wrapped
    from handgrad.gradcheck.report.error_map import map_lines
    from handgrad.languages import printable

    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    plain = not can_print("✓✗·░▒▓█", sys.stdout)
    mark = {"right": "✓", "wrong": "✗", "cannot-tell": "?"}[report.verdict]
    if plain:
        mark = {"right": "ok", "wrong": "x", "cannot-tell": "?"}[report.verdict]
    first, *others = printable(report.text(speaker.language)).split("\n")
    console.print(Styled(f"{mark} {first}", style=f"bold {STYLES[report.verdict]}"))
    places = tuple(f"{finding.file}:{finding.line}" for finding in report.findings)
    for paragraph in others:
        if paragraph.strip().startswith(
            places
        ):  # a terminal makes a link of it, unless it is broken
            console.print(Styled(f"  {paragraph}", style="cyan"), soft_wrap=True)
            continue
        for line in wrapped(paragraph.strip(), max(20, console.width - 2)):
            console.print(Styled(f"  {line}"), soft_wrap=True)
    for array in report.arrays:
        lines = [] if plain else map_lines(array)
        if lines:
            head = speaker.say(f"{array.name} 错在哪里：", f"Where {array.name} is wrong:")
            console.print(Styled(f"  {head}", style="bold"))
            for line in lines:
                console.print(Styled(f"    {line}"), no_wrap=True, crop=True)


def _write_page(page: Path, report: GradientReport, speaker: Speaker) -> None:
    from handgrad.gradcheck.report.notebook import html_of

    body = html_of(report, speaker.language)
    page.write_text(
        f'<!doctype html><html lang="{speaker.language}"><meta charset="utf-8">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(report.subject)}</title><body>{body}</body></html>\n",
        encoding="utf-8",
    )
