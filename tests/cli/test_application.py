"""The command line as a whole: its commands, its exit statuses, and errors of our own."""

from __future__ import annotations

import pytest

from handgrad.cli import hint
from handgrad.cli.application import COMMANDS, run
from handgrad.cli.console import Speaker
from handgrad.errors import LevelError
from handgrad.languages import Text


def test_the_help_lists_every_command(capsys):
    assert run(["--help"], Speaker("en")) == 0
    listed = capsys.readouterr().out
    assert all(f"\n  {name} " in listed for name in COMMANDS)


@pytest.fixture
def hint_raises(monkeypatch):
    def set_error(error):
        def fail(context):
            raise error

        monkeypatch.setattr(hint, "course_of", fail)

    return set_error


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (ZeroDivisionError("division by zero"), 3, "this is not your fault"),
        (LevelError(Text(zh="关卡坏了", en="the level is broken")), 3, "the level is broken"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_the_exit_status_of_an_error(hint_raises, capsys, error, status, message):
    hint_raises(error)
    assert run(["hint", "fully-connected"], Speaker("en")) == status
    assert message in capsys.readouterr().err


def test_a_traceback_is_printed_only_when_asked_for(hint_raises, capsys, monkeypatch):
    monkeypatch.delenv("HANDGRAD_DEBUG", raising=False)
    hint_raises(ZeroDivisionError())
    run(["hint", "fully-connected"], Speaker("en"))
    assert "Traceback" not in capsys.readouterr().err
    run(["--debug", "hint", "fully-connected"], Speaker("en"))
    assert "Traceback" in capsys.readouterr().err
