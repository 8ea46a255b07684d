from __future__ import annotations

import dataclasses
import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from handgrad.cli.console import Speaker
from handgrad.cli.verdict_view import VerdictView
from handgrad.diagnosis.verdict import CaseCounts, NamedMistake, Verdict
from handgrad.diagnosis.verdict_names import ERROR_KINDS, VERDICTS
from handgrad.languages import Text

VERDICT = Verdict(
    file="a.py",
    level="fully-connected",
    level_revision="abcdef",
    class_name="FullyConnected",
    verdict="wrong",
    message=Text(zh="第一段，很长" * 20 + "\n第二段", en="first paragraph " * 10 + "\nsecond"),
    mistakes=(NamedMistake("db-mean", "db"),),
    cases=CaseCounts(run=18, failed=3),
    seed=42,
)


def drawn(base, language="en", width=80, **changes):
    view = VerdictView(Speaker(language))
    out = io.StringIO()
    view.console = Console(file=out, width=width, highlight=False, markup=False, emoji=False)
    view.show(dataclasses.replace(base, **changes))
    return out.getvalue()


@pytest.mark.parametrize("verdict", list(VERDICTS))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_verdict_has_its_word(verdict, language):
    assert VERDICTS[verdict].word[language] in drawn(VERDICT, language, verdict=verdict)


@pytest.mark.parametrize("kind", list(ERROR_KINDS))
def test_every_kind_has_its_word(kind):
    assert ERROR_KINDS[kind].word.zh in drawn(VERDICT, "zh", verdict="error", kind=kind)


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_line_is_wider_than_the_terminal(width, language):
    text = drawn(
        VERDICT, language, width, source_line="    x = " + "甲" * 60, line=3, column=9,
        printed="y" * 300 + "\n" * 30,
    )  # fmt: skip
    assert max(map(cell_len, text.splitlines())) <= width


def test_no_line_ends_in_spaces():
    assert all(line == line.rstrip() for line in drawn(VERDICT).splitlines())


def test_what_repeats_it_is_said():
    text = drawn(VERDICT)
    assert "3 of 18" in text
    assert "--seed 42" in text


def test_markup_of_a_stranger_is_text():
    assert "[red]x[/red]" in drawn(VERDICT, printed="[red]x[/red]", class_name="[b]C")
