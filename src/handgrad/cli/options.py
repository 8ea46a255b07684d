"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from handgrad.cli.console import Speaker
from handgrad.course import Course, load_course


def language_option(speaker: Speaker) -> click.Option:
    """``--lang``, on every command. `chosen_language` reads it before click runs."""
    return click.Option(
        ["--lang"],
        type=click.Choice(["zh", "en"]),
        expose_value=False,
        help=speaker.say("显示语言。", "Language of messages."),
    )


def isolation_option(help_text: str) -> Callable[[click.decorators.FC], click.decorators.FC]:
    """``--isolation``, on every command that runs an answer."""
    return click.option(
        "--isolation",
        metavar="N",
        type=click.IntRange(1, 3),
        default=1,
        envvar="HANDGRAD_ISOLATION",
        help=help_text,
    )


def course_of(context: click.Context) -> Course:
    """The course, with the levels of ``--levels-folder`` if it was given."""
    folder = context.find_root().params.get("levels_folder")
    return load_course(Path(folder) if folder else None)
