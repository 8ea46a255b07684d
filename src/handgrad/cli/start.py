"""``handgrad start``: writes a level's template, never over an existing file."""

from __future__ import annotations

from pathlib import Path

import click

from handgrad.cli.console import Speaker
from handgrad.cli.options import course_of
from handgrad.course import Level
from handgrad.errors import UsageError
from handgrad.languages import Text


def command(speaker: Speaker) -> click.Command:
    """The command ``start``."""

    @click.command(
        "start",
        help=speaker.say("写出一个关卡的模板文件。", "Write the template of a level."),
    )
    @click.argument("level", metavar=speaker.say("关卡", "LEVEL"))
    @click.argument("folder", metavar=speaker.say("[文件夹]", "[DIR]"), default=".")
    @click.pass_context
    def start(context: click.Context, level: str, folder: str) -> None:
        chosen = course_of(context).level(level)
        path = write_template(chosen, Path(folder))
        click.echo(
            speaker.say(
                f"已写出 {path}。\n"
                f"讲解：handgrad levels show {chosen.name}\n"
                f"把代码写在 Begin 和 End 之间，然后运行：handgrad judge {chosen.name} {path}\n"
                f"或者边写边评测：handgrad watch {chosen.name} {path}",
                f"Wrote {path}.\n"
                f"Explanation: handgrad levels show {chosen.name}\n"
                f"Write your code between Begin and End, then run: "
                f"handgrad judge {chosen.name} {path}\n"
                f"Or judge after every save: handgrad watch {chosen.name} {path}",
            )
        )

    return start


def write_template(level: Level, folder: Path) -> Path:
    """Write the template into a folder, which is created if it does not exist.

    Raises:
        UsageError: the file exists already, or cannot be written.
    """
    path = folder / level.answer_file
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(level.template)
    except FileExistsError as error:
        raise UsageError(
            Text(
                zh="{path} 已经存在，没有改动。请换一个文件夹：handgrad start {name} 文件夹",
                en="{path} already exists and was not changed. Choose another folder: "
                "handgrad start {name} DIR",
            ).format(path=path, name=level.name)
        ) from error
    except OSError as error:
        raise UsageError(
            Text(zh="无法写入 {path}：{reason}。", en="Cannot write {path}: {reason}.").format(
                path=path, reason=error.strerror or error
            )
        ) from error
    return path
