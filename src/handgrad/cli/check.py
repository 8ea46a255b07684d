"""``handgrad check``: checks the backward pass in a file without a reference."""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handgrad.cli.console import Speaker, can_print, complain, print_json
from handgrad.errors import CheckError, UsageError

if TYPE_CHECKING:
    from handgrad.gradcheck.report.gradient_report import GradientReport

WRONG = 1
DTYPES = ("float64", "float32", "float16", "bfloat16")
MARKS = {"right": "✓", "wrong": "✗", "cannot-tell": "?"}
PLAIN_MARKS = {"right": "ok", "wrong": "x", "cannot-tell": "?"}
STYLES = {"right": "green", "wrong": "red", "cannot-tell": "yellow"}


def command(speaker: Speaker) -> click.Command:
    """The command ``check``."""
    say = speaker.say

    @click.command(
        "check",
        help=say(
            "检查 backward 是否正确，不需要标准答案。支持 NumPy 的层、torch 的 Function 和 "
            "Module、JAX 的函数。文件会在本进程中直接运行，所以只检查自己的代码。\n\n"
            "例如：handgrad check layer.py:FullyConnected --with W=5x3 --with b=3 --input 4x5",
            "Check a backward pass without a reference. Works with "
            "NumPy layers, torch Functions and Modules, and JAX functions. The file runs in this "
            "process, so check only your own code.\n\n"
            "Example: handgrad check layer.py:FullyConnected --with W=5x3 --with b=3 --input 4x5",
        ),
    )
    @click.argument("target", metavar=say("文件:名字", "FILE:NAME"))
    @click.option(
        "--input",
        "inputs",
        multiple=True,
        metavar=say("形状", "SHAPE"),
        help=say(
            "forward 的一个输入的形状，例如 4x5；带名字写成 x=4x5。可以多次使用。",
            "Shape of an input of forward: 4x5, or x=4x5 with a name. Can be repeated.",
        ),
    )
    @click.option(
        "--with",
        "arguments",
        multiple=True,
        metavar=say("名字=形状", "NAME=SHAPE"),
        help=say(
            "构造参数：W=5x3 生成随机数组，eps:=0.1 直接给值。可以多次使用。",
            "Constructor argument: W=5x3 draws a random array, eps:=0.1 passes a value. "
            "Can be repeated.",
        ),
    )
    @click.option(
        "--dtype",
        type=click.Choice(DTYPES),
        default="float64",
        show_default=True,
        help=say("输入和参数的数据类型。", "Data type of inputs and arguments."),
    )
    @click.option(
        "--library",
        type=click.Choice(("numpy", "torch", "jax")),
        help=say(
            "输入使用哪个库的数组；默认自动判断。",
            "Library of the input arrays; detected by default.",
        ),
    )
    @click.option(
        "--seed",
        metavar="N",
        type=click.IntRange(min=0),
        help=say("随机种子，用来重现一次检查。", "Random seed, to repeat a check."),
    )
    @click.option(
        "--strict",
        is_flag=True,
        help=say("结论是「无法判断」时也算失败。", "Also fail if the verdict is `cannot tell`."),
    )
    @click.option("--json", "as_json", is_flag=True, help=say("输出 JSON。", "Print JSON."))
    @click.option(
        "--html",
        "page",
        metavar=say("文件", "FILE"),
        type=click.Path(dir_okay=False, path_type=Path),
        help=say("把报告另存为网页文件。", "Also write the report to this HTML file."),
    )
    def check(as_json: bool, page: Path | None, strict: bool, **asked: Any) -> int:
        report = _checked(speaker, **asked)
        if report is None:
            return WRONG
        if page is not None:
            _write_page(page, report, speaker)
        if as_json:
            print_json(report.to_json())
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
    """The report; None, after a message, if the code under check raised."""
    from handgrad.arrays import seeded
    from handgrad.check_context import seed_for_check
    from handgrad.cli.check_target import (
        construct,
        library_of,
        load_target,
        parse_shape,
        random_array,
    )
    from handgrad.gradcheck.check import check
    from handgrad.seeds import seed_of

    thing, path = load_target(target)
    whose = library or library_of(thing)
    chosen = seed_for_check(seed)
    rng = seeded(seed_of(str(chosen), "inputs"))

    def draw(shape: tuple[int, ...]) -> Any:
        return random_array(shape, rng, dtype, whose)

    shapes = [parse_shape(text) for text in inputs]
    one, make = construct(thing, arguments, draw)
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
    """Print the exception, the innermost line of the checked file, and the inputs."""
    from handgrad.cli.check_target import innermost_frame
    from handgrad.gradcheck.adapters.argument_descriptions import described

    frame = innermost_frame(path, error)
    where = str(path) if frame is None else f"{path}:{frame.lineno}: {frame.line}"
    what = f"{type(error).__name__}: {error}"
    given = ", ".join(map(described, inputs)) or "()"
    where += "\n  " + speaker.say(f"输入：{given}", f"Inputs: {given}")
    if not inputs:
        where += speaker.say(
            "\n  请给出 forward 的输入，例如 --input 4x5。",
            "\n  Give the inputs of forward, for example --input 4x5.",
        )
    complain(speaker.say(f"代码抛出异常：{what}\n  {where}", f"The code raises {what}\n  {where}"))


def show(report: GradientReport, speaker: Speaker) -> None:
    """Print the report with a coloured verdict and a map of the errors."""
    from rich.console import Console
    from rich.text import Text as Styled

    from handgrad.cli.line_wrapping import wrapped_lines
    from handgrad.gradcheck.report.error_map import map_lines
    from handgrad.languages import printable

    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    plain = not can_print("✓✗·░▒▓█", sys.stdout)
    mark = (PLAIN_MARKS if plain else MARKS)[report.verdict]
    first, *others = printable(report.text(speaker.language)).split("\n")
    console.print(Styled(f"{mark} {first}", style=f"bold {STYLES[report.verdict]}"))
    places = tuple(f"{finding.file}:{finding.line}" for finding in report.findings)
    for paragraph in others:
        # A terminal makes a link of it, unless it is broken.
        if paragraph.strip().startswith(places):
            console.print(Styled(f"  {paragraph}", style="cyan"), soft_wrap=True)
            continue
        for line in wrapped_lines(paragraph.strip(), max(20, console.width - 2)):
            console.print(Styled(f"  {line}"), soft_wrap=True)
    for array in report.arrays:
        if not plain and (lines := map_lines(array)):
            head = speaker.say(f"{array.name} 的误差分布：", f"Errors in {array.name}:")
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
