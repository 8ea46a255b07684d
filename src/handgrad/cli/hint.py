"""``handgrad hint``: a level's hints, one at a time."""

from __future__ import annotations

import shutil
import sys

import click

from handgrad.cli.console import Speaker
from handgrad.cli.line_wrapping import wrapped_lines
from handgrad.cli.options import course_of
from handgrad.errors import UsageError
from handgrad.languages import Text


def command(speaker: Speaker) -> click.Command:
    """The command ``hint``."""

    @click.command(
        "hint",
        help=speaker.say("显示一条提示，默认是第 1 条。", "Show a hint, by default the first one."),
    )
    @click.argument("level", metavar=speaker.say("关卡", "LEVEL"))
    @click.argument(
        "number", metavar=speaker.say("[编号]", "[NUMBER]"), type=click.IntRange(min=1), default=1
    )
    @click.pass_context
    def hint(context: click.Context, level: str, number: int) -> None:
        chosen = course_of(context).level(level)
        if number > len(chosen.hints):
            raise UsageError(
                Text(
                    zh="{level} 只有 {count} 条提示。", en="{level} has only {count} hints."
                ).format(level=chosen.name, count=len(chosen.hints))
            )
        click.echo(_as_wide_as_the_terminal(speaker.text(chosen.hints[number - 1])))
        if number < len(chosen.hints):
            following = f"handgrad hint {chosen.name} {number + 1}"
            click.echo(speaker.say(f"\n下一条提示：{following}", f"\nNext hint: {following}"))

    return hint


def _as_wide_as_the_terminal(text: str) -> str:
    if not sys.stdout.isatty():
        return text
    width = shutil.get_terminal_size().columns
    return "\n".join("\n".join(wrapped_lines(line, width)) for line in text.splitlines())
