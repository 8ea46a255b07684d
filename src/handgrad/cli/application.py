"""The ``handgrad`` command: its subcommands, its language, and what happens when something fails."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from typing import Any

import click

from handgrad import __version__
from handgrad.cli.console import Speaker, chosen_language, complain, make_streams_safe
from handgrad.cli.options import language_option
from handgrad.cli.translation import ChineseFormatter, usage_message
from handgrad.errors import HandgradError, LevelError, UsageError

COMMANDS = (
    "lab",
    "levels",
    "start",
    "judge",
    "watch",
    "shapes",
    "hint",
    "check",
    "train",
    "doctor",
)
USAGE = 2
OUR_FAULT = 3
INTERRUPTED = 130


class Application(click.Group):
    """A group whose commands are imported when they are used, in the user's language."""

    def __init__(self, speaker: Speaker, **options: Any) -> None:
        super().__init__(**options)
        self.speaker = speaker

    def list_commands(self, context: click.Context) -> list[str]:
        """The commands, in the order in which a learner meets them."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of that name, or None."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"handgrad.cli.{name}")
        command: click.Command = module.command(self.speaker)
        return command


def build(speaker: Speaker) -> click.Command:
    """The whole command line in one language."""
    if speaker.language == "zh":
        click.Context.formatter_class = ChineseFormatter
    else:
        click.Context.formatter_class = click.HelpFormatter
    options: list[click.Parameter] = [
        click.Option(
            ["--levels-folder"],
            type=click.Path(path_type=None),
            envvar="HANDGRAD_LEVELS",
            help=speaker.say("再加上这个文件夹里的关卡。", "Add the levels in this folder."),
        ),
        language_option(speaker),
        click.Option(
            ["--debug"],
            is_flag=True,
            envvar="HANDGRAD_DEBUG",
            help=speaker.say("出内部错误时显示详情。", "Show details of an internal error."),
        ),
    ]
    application = Application(
        speaker,
        name="handgrad",
        params=options,
        help=speaker.say(
            "手写反向传播，马上知道对不对。\n\n"
            "从这里开始：handgrad levels 列出关卡，handgrad start fully-connected 写出模板，"
            "handgrad judge fully-connected fully_connected.py 评测。",
            "Write the backward pass by hand. Know that it is right.\n\n"
            "Start here: `handgrad levels` lists the levels, `handgrad start fully-connected` writes "
            "a template, `handgrad judge fully-connected fully_connected.py` judges it.",
        ),
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    click.version_option(__version__, prog_name="handgrad")(application)
    return application


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process with its exit status."""
    make_streams_safe()
    given = sys.argv[1:] if arguments is None else arguments
    speaker = Speaker(chosen_language(given))
    sys.exit(run(given, speaker))


def run(arguments: list[str], speaker: Speaker) -> int:
    """Run the command line; return its exit status, as in ``docs/reference/names.md``."""
    try:
        status = build(speaker).main(arguments, prog_name="handgrad", standalone_mode=False)
        sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        complain(error.format_message())
        return USAGE
    except click.ClickException as error:
        complain(usage_message(error, speaker))
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except UsageError as error:
        complain(speaker.text(error.text))
        return USAGE
    except BrokenPipeError:
        # whoever read our output has closed it; nothing is left to say, not even at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except LevelError as error:
        complain(speaker.text(error.text))
        return OUR_FAULT
    except Exception as error:  # noqa: BLE001 -- whatever is left is our own fault, and told as such
        return _our_fault(error, arguments, speaker)


def _our_fault(error: Exception, arguments: list[str], speaker: Speaker) -> int:
    if isinstance(error, HandgradError):
        complain(speaker.text(error.text))
    else:
        complain(
            speaker.say(
                f"handgrad 自己出错了（{type(error).__name__}: {error}），不是你的问题。"
                "请再试一次；若仍不行，请加上 --debug 重新运行，并把输出发给我们。",
                f"handgrad itself failed ({type(error).__name__}: {error}); this is not your fault. "
                "Try again; if it stays, run the command with --debug and send us what it prints.",
            )
        )
    if "--debug" in arguments or os.environ.get("HANDGRAD_DEBUG"):
        traceback.print_exception(error)
    return OUR_FAULT
