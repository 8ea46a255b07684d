"""Hints come one at a time, each with the command for the next."""

from __future__ import annotations

from handgrad.cli.application import run
from handgrad.cli.console import Speaker
from handgrad.course import load_course

HINTS = load_course().level("fully-connected").hints


def test_each_hint_leads_to_the_next_and_the_last_to_none(capsys):
    for number, hint in enumerate(HINTS, start=1):
        assert run(["hint", "fully-connected", str(number)], Speaker("en")) == 0
        shown = capsys.readouterr().out
        assert hint.en in shown
        following = f"handgrad hint fully-connected {number + 1}"
        assert (following in shown) is (number < len(HINTS))


def test_the_first_hint_needs_no_number(capsys):
    run(["hint", "fully-connected"], Speaker("zh"))
    assert HINTS[0].zh in capsys.readouterr().out


def test_there_are_only_so_many(capsys):
    assert run(["hint", "fully-connected", str(len(HINTS) + 1)], Speaker("en")) == 2
    assert f"only {len(HINTS)} hints" in capsys.readouterr().err
