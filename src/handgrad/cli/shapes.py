"""``handgrad shapes``: prints a draft with the shapes that each line computes."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

import click

from handgrad.cli.answer_file import read_answer
from handgrad.cli.console import Speaker, can_print, print_json
from handgrad.cli.line_wrapping import wrapped_lines
from handgrad.cli.options import course_of, isolation_option
from handgrad.languages import printable
from handgrad.sandbox.child.answer.source import source_lines

if TYPE_CHECKING:
    from rich.text import Text as Styled

    from handgrad.live_shapes import LiveShapes
    from handgrad.live_shapes.line_annotations import LineAnnotation

STOPPED = 1
WIDEST_CODE = 72
NARROWEST_BESIDE = 24
ASCII = {"·": "@", "→": "->", "✗": "x", "×": "x", "…": "...", "│": "|"}
"""Replacements for a console that cannot print these characters."""


def command(speaker: Speaker) -> click.Command:
    """The command ``shapes``."""

    @click.command(
        "shapes",
        help=speaker.say(
            "显示文件里每一行算出的形状。文件用一个小例子运行，这不是评测。"
            "文件写 - 表示从标准输入读取。",
            "Show the shapes that each line of a file computes. The file runs on a small "
            "example; this is not a verdict. FILE can be - for standard input.",
        ),
    )
    @click.argument("level", metavar=speaker.say("关卡", "LEVEL"))
    @click.argument("file", metavar=speaker.say("文件", "FILE"))
    @click.option(
        "--json",
        "as_json",
        is_flag=True,
        help=speaker.say(
            "输出一个 JSON 对象，包括数值。", "Print one JSON object, with the values."
        ),
    )
    @isolation_option(
        speaker.say(
            "隔离级别低于此值时拒绝运行；运行别人的代码请用 2 或 3。",
            "Refuse to run below this isolation level. Use 2 or 3 for other people's code.",
        )
    )
    @click.pass_context
    def shapes(context: click.Context, level: str, file: str, as_json: bool, isolation: int) -> int:
        from handgrad.sandbox import Pool

        chosen = course_of(context).level(level)
        answer = read_answer(file)
        with Pool(expected=1) as pool:
            from handgrad.live_shapes import live_shapes

            seen = live_shapes(chosen, answer.source, pool=pool, minimum_isolation=isolation)
        if as_json:
            print_json(seen.as_json())
        else:
            _ShapesView(speaker).show(answer.source, seen)
        return 0 if seen.stopped is None else STOPPED

    return shapes


def _decoded(source: bytes) -> str:
    """The text to display. The child, which runs the file, decodes it separately."""
    for encoding in ("utf-8-sig", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return source.decode(encoding)
    return source.decode("utf-8", errors="replace")


class _ShapesView:
    """Prints the file line by line, for the width of the terminal."""

    def __init__(self, speaker: Speaker) -> None:
        from rich.console import Console

        self.speaker = speaker
        self.console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
        self.is_plain = not can_print("·→✗×…│", sys.stdout) or os.environ.get("TERM") == "dumb"

    def show(self, source: bytes, seen: LiveShapes) -> None:
        """Every line of the source with its shapes, and at the end the reason for a stop."""
        from rich.cells import cell_len
        from rich.text import Text as Styled

        lines = [printable(line.expandtabs(4)) for line in source_lines(_decoded(source).rstrip())]
        beside = {one.line: one for one in seen.lines}
        digits = len(str(len(lines)))
        head = digits + 3
        width = self._code_width([lines[n - 1] for n in beside if n <= len(lines)], head)
        for number, line in enumerate(lines, start=1):
            shown = Styled()
            shown.append(self._signs(f"{number:>{digits}} │ "), style="dim")
            shown.append(line, style="" if number in beside else "dim")
            if number in beside:
                annotation = self._annotation(beside[number])
                gap = head + width + 2 - cell_len(shown.plain)
                if gap < 2 or head + width + 2 + cell_len(annotation.plain) > self.console.width:
                    self._print(shown)
                    shown = Styled()
                    shown.append(" " * (digits + 1) + self._signs("│"), style="dim")
                    gap = 1 + len(line) - len(line.lstrip()) + 2
                shown.append(" " * gap)
                shown.append_text(annotation)
            self._print(shown)
        self._foot(seen)

    def _code_width(self, lines: list[str], head: int) -> int:
        """The column of the shapes: after the longest line that leaves room for them."""
        from rich.cells import cell_len

        room = max(20, min(WIDEST_CODE, self.console.width - head - 2 - NARROWEST_BESIDE))
        return max((cell for line in lines if (cell := cell_len(line)) <= room), default=room)

    def _annotation(self, one: LineAnnotation) -> Styled:
        """The shapes beside a line, and what does not match."""
        from rich.text import Text as Styled

        is_error = one.state == "error"
        annotation = Styled(self._signs(one.text), style="bold red" if is_error else "cyan")
        if one.detail is not None:
            annotation.append(f"  {printable(self.speaker.text(one.detail))}", style="red")
        return annotation

    def _foot(self, seen: LiveShapes) -> None:
        from rich.text import Text as Styled

        self.console.print()
        words = self.speaker.say("例子：{case}", "Example: {case}")
        self._print(Styled(words.format(case=self.speaker.text(seen.case)), style="dim"))
        if seen.stopped is not None:
            for paragraph in printable(self.speaker.text(seen.stopped.message)).split("\n"):
                for line in wrapped_lines(paragraph, max(20, self.console.width)):
                    self._print(Styled(line))

    def _signs(self, text: str) -> str:
        if self.is_plain:
            for sign, plain in ASCII.items():
                text = text.replace(sign, plain)
        return text

    def _print(self, line: Styled) -> None:
        self.console.print(line, no_wrap=True, overflow="ellipsis", crop=True)
