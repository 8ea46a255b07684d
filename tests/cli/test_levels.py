"""The levels: listed with what they require, shown, and checked."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

import handgrad.judging
from handgrad.cli.application import run
from handgrad.cli.console import Speaker
from handgrad.course import load_course
from handgrad.languages import Text, name_list

LEVELS = load_course().levels


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_has_every_level_and_what_it_requires(language, capsys):
    assert run(["levels"], Speaker(language)) == 0
    listed = capsys.readouterr().out
    for level in LEVELS:
        assert f"{level.name}  {level.title[language]}" in listed
        assert name_list(level.requires)[language] in listed
    assert f"handgrad start {LEVELS[0].name}" in listed


def test_the_explanation_is_printed(capsys):
    run(["levels", "show", "activations"], Speaker("zh"))
    assert (
        capsys.readouterr().out.strip() == load_course().level("activations").statement.zh.strip()
    )


def test_a_finding_makes_the_check_fail(monkeypatch, capsys):
    finding = SimpleNamespace(part="solution.py", text=Text(zh="不通过", en="does not pass"))
    monkeypatch.setattr(handgrad.judging, "check_level", lambda judge, level: [finding])
    assert run(["levels", "check", "activations", "--seed", "7"], Speaker("en")) == 1
    shown = capsys.readouterr().out
    assert "seed 7" in shown
    assert "activations/solution.py: does not pass" in shown
