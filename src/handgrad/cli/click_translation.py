"""Messages and help pages of click, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import click
from rich.cells import cell_len

from handgrad.cli.console import Speaker
from handgrad.cli.line_wrapping import wrapped_lines
from handgrad.languages import Text

HEADINGS = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}
SENTENCES = {
    "Show this message and exit.": "显示这页说明。",
    "Show the version and exit.": "显示版本。",
}
MESSAGES = {
    r"(?P<value>.+) is not a valid integer(?: range)?\.": Text(
        zh="{value} 不是整数。", en="{value} is not a whole number."
    ),
    r"(?P<value>.+) is not a valid float(?: range)?\.": Text(
        zh="{value} 不是数。", en="{value} is not a number."
    ),
    r"(?P<value>.+) is not in the range (?P<range>.+)\.": Text(
        zh="{value} 不在范围 {range} 之内。", en="{value} is not in the range {range}."
    ),
    r"(?P<value>.+) is not one of (?P<choices>.+)\.": Text(
        zh="{value} 不在可选的值 {choices} 之中。", en="{value} is not one of {choices}."
    ),
    r"File (?P<path>.+) is a directory\.": Text(
        zh="{path} 是文件夹，这里需要文件。", en="{path} is a folder; a file is needed."
    ),
    r"Directory (?P<path>.+) is a file\.": Text(
        zh="{path} 是文件，这里需要文件夹。", en="{path} is a file; a folder is needed."
    ),
    r"No such command '(?P<name>.+?)'\.(?: .*)?": Text(
        zh="没有命令 {name}。", en="There is no command {name}."
    ),
    r"Got unexpected extra arguments? \((?P<values>.+)\)": Text(
        zh="多余的参数：{values}。", en="Unexpected arguments: {values}."
    ),
    r"Option (?P<option>'.+') requires (?:an argument|\d+ arguments)\.": Text(
        zh="选项 {option} 需要一个值。", en="Option {option} needs a value."
    ),
}
"""What click reports about a call, and how it is written here."""
QUOTED = re.compile(r" ?'([^']*)' ?")
"""A value as click quotes it; Chinese has quotation marks of its own, with no spaces around them."""
DEFAULT = re.compile(r"\[default: ([^\]]*\]$)")
"""What click adds to an option that shows its default, at the end of its help."""


class CommandGroup(click.Group):
    """A group whose help lists each command with the first sentence of its help."""

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands."""
        rows = []
        for name in self.list_commands(context):
            command = self.get_command(context, name)
            if command is not None:
                rows.append((name, re.split(r"(?<=。)|(?<=\.) |\n", command.help or "")[0]))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


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

    def write_text(self, text: str) -> None:
        """Paragraphs, wrapped by the width of Chinese characters."""
        for number, paragraph in enumerate(text.split("\n\n")):
            if number > 0:
                self.write_paragraph()
            for line in wrapped_lines(paragraph.replace("\n", " "), self.width - 2):
                self.write(f"{'':>{self.current_indent}}{line}\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """A list of terms with their explanations, aligned by the width of Chinese characters."""
        translated = [
            (term, DEFAULT.sub(r"[默认：\1", SENTENCES.get(text, text))) for term, text in rows
        ]
        column = min(max(cell_len(term) for term, _ in translated), col_max) + col_spacing
        indent = " " * self.current_indent
        for term, text in translated:
            first, *rest = wrapped_lines(text, self.width - self.current_indent - column)
            gap = column - cell_len(term)
            if gap >= col_spacing:
                self.write(f"{indent}{term}{' ' * gap}{first}\n")
            else:
                self.write(f"{indent}{term}\n{indent}{' ' * column}{first}\n")
            for line in rest:
                self.write(f"{indent}{' ' * column}{line}\n")


def usage_message(error: click.ClickException, speaker: Speaker) -> str:
    """What is wrong with the call, and the command that prints the help."""
    context = getattr(error, "ctx", None)
    command = f"{context.command_path if context else 'handgrad'} --help"
    help_line = speaker.say(f"查看说明：{command}", f"For help: {command}")
    return f"{speaker.text(_problem(error))}\n{help_line}"


def _problem(error: click.ClickException) -> Text:
    name = _parameter_name(error)
    if isinstance(error, click.MissingParameter):
        return Text(zh=f"缺少参数 {name}。", en=f"Missing argument {name}.")
    if isinstance(error, click.NoSuchOption):
        option, similar = error.option_name, error.possibilities or ()
        problem = Text(zh=f"没有选项 {option}。", en=f"There is no option {option}.")
        if not similar:
            return problem
        hint = Text(
            zh=f"是不是 {'、'.join(similar)}？", en=f" Did you mean {' or '.join(similar)}?"
        )
        return problem + hint
    if isinstance(error, click.BadParameter):
        problem = _translated(error.message)
        return Text(
            zh=f"{name} 的值不对：{problem.zh}", en=f"Invalid value for {name}: {problem.en}"
        )
    return _translated(error.format_message())


def _translated(message: str) -> Text:
    """One of click's messages in both languages; English for both if it is not in the table."""
    for pattern, translation in MESSAGES.items():
        if match := re.fullmatch(pattern, message):
            text = translation.format(**match.groupdict())
            return Text(zh=QUOTED.sub(r"「\1」", text.zh).replace("」,「", "」、「"), en=text.en)
    return Text(zh=message, en=message)


def _parameter_name(error: Any) -> str:
    """An option with its dashes, or an argument as the usage line shows it."""
    parameter = getattr(error, "param", None)
    if parameter is None:
        return ""
    if isinstance(parameter, click.Argument):
        return str(parameter.make_metavar(error.ctx))
    return str(parameter.opts[0])
