"""The ``handgrad`` command: its subcommands, its language, and its handling of errors."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from typing import Any

import click

from handgrad import __version__
from handgrad.cli.click_translation import ChineseFormatter, CommandGroup, usage_message
from handgrad.cli.console import Speaker, chosen_language, complain, make_streams_safe
from handgrad.cli.options import language_option
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
USAGE_ERROR = 2
INTERNAL_ERROR = 3
INTERRUPTED = 130


class Application(CommandGroup):
    """A group whose commands are imported only when they are used."""

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
        command.params.insert(0, language_option(self.speaker))
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
            metavar=speaker.say("文件夹", "FOLDER"),
            type=click.Path(path_type=None),
            envvar="HANDGRAD_LEVELS",
            help=speaker.say(
                "除自带的关卡外，还加载这个文件夹里的关卡。", "Also load the levels in this folder."
            ),
        ),
        language_option(speaker),
        click.Option(
            ["--debug"],
            is_flag=True,
            envvar="HANDGRAD_DEBUG",
            help=speaker.say(
                "出现内部错误时显示详细信息。", "Show the traceback of an internal error."
            ),
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
        return USAGE_ERROR
    except click.ClickException as error:
        complain(usage_message(error, speaker))
        return USAGE_ERROR
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except UsageError as error:
        complain(speaker.text(error.text))
        return USAGE_ERROR
    except BrokenPipeError:
        # The reader closed our output. Python must not try to write to it again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except LevelError as error:
        complain(speaker.text(error.text))
        return INTERNAL_ERROR
    except Exception as error:  # noqa: BLE001 -- anything else is an internal error
        return _internal_error(error, arguments, speaker)


def _internal_error(error: Exception, arguments: list[str], speaker: Speaker) -> int:
    if isinstance(error, HandgradError):
        complain(speaker.text(error.text))
    else:
        complain(
            speaker.say(
                f"handgrad 出现内部错误（{type(error).__name__}: {error}），不是你的代码造成的。"
                "请再试一次；如果仍然出错，请加上 --debug 重新运行，并把输出发给我们。",
                f"handgrad itself failed ({type(error).__name__}: {error}); this is not your fault. "
                "Try again. If it fails again, run the command with --debug and send us the output.",
            )
        )
    if "--debug" in arguments or os.environ.get("HANDGRAD_DEBUG"):
        traceback.print_exception(error)
    return INTERNAL_ERROR
