"""What click itself says, in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import click

from handgrad.cli.console import Speaker

HEADINGS = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}
SENTENCES = {
    "Show this message and exit.": "显示这页说明。",
    "Show the version and exit.": "显示版本。",
}
DEFAULT = re.compile(r"\[default: ([^\]]*\]$)")
"""What click adds to an option that shows its default, at the end of its help."""


class ChineseFormatter(click.HelpFormatter):
    """Help pages with Chinese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that shows how a command is called."""
        translated = args.replace("[OPTIONS]", "[选项]").replace(
            "COMMAND [ARGS]...", "命令 [参数]..."
        )
        super().write_usage(prog, translated, prefix="用法：")

    def write_heading(self, heading: str) -> None:
        """The heading of a section."""
        self.write(f"{'':>{self.current_indent}}{HEADINGS.get(heading, heading)}：\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """A list of terms with what they mean."""
        told = [(term, DEFAULT.sub(r"[默认：\1", SENTENCES.get(text, text))) for term, text in rows]
        super().write_dl(told, col_max, col_spacing)


def usage_message(error: click.ClickException, speaker: Speaker) -> str:
    """What is wrong with the call, and where the help is."""
    words = error.format_message() if speaker.language == "en" else _chinese(error)
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "handgrad"
    return f"{words}\n" + speaker.say(
        f"用 {path} --help 查看说明。", f"`{path} --help` shows how it is used."
    )


def _chinese(error: click.ClickException) -> str:
    name = _name(error)
    if isinstance(error, click.MissingParameter):
        return f"缺少参数 {name}。"
    if isinstance(error, click.NoSuchOption):
        near = f"是不是 {'、'.join(error.possibilities)}？" if error.possibilities else ""
        return f"没有选项 {error.option_name}。{near}"
    if isinstance(error, click.BadParameter):
        return f"参数 {name} 的值不对：{error.message}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 用得不对：{error.message}"
    return f"命令不对：{error.format_message()}"


def _name(error: Any) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return ""
    return str(
        parameter.make_metavar(error.ctx)
        if isinstance(parameter, click.Argument)
        else parameter.opts[0]
    )
