"""Output that no console refuses, in the language that was asked for."""

from __future__ import annotations

import io

import pytest

from handgrad.cli.console import chosen_language, complain, print_json


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["--lang", "zh", "levels"], "zh"),
        (["levels", "--lang=zh"], "zh"),
        (["levels", "--", "--lang", "zh"], "en"),
        (["levels", "--lang", "fr"], "en"),
        (["levels", "--lang"], "en"),
    ],
)
def test_lang_counts_wherever_it_stands(arguments, language, monkeypatch):
    monkeypatch.setenv("HANDGRAD_LANG", "en")
    assert chosen_language(arguments) == language


def test_chinese_that_was_not_asked_for_gives_way_to_english(monkeypatch):
    monkeypatch.setenv("HANDGRAD_LANG", "zh")
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    assert chosen_language([]) == "zh"
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert chosen_language([]) == "en"
    assert chosen_language(["--lang", "zh"]) == "zh"


def test_control_codes_do_not_reach_the_terminal(capsys):
    complain("no file a\x1b[31m.py")
    assert capsys.readouterr().err == "no file a\\x1b[31m.py\n"


@pytest.mark.parametrize(("encoding", "line"), [("utf-8", '"层"'), ("ascii", '"\\u5c42"')])
def test_json_fits_the_console(encoding, line, monkeypatch):
    out = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(out, encoding=encoding, newline=""))
    print_json("层")
    assert out.getvalue().decode(encoding) == f"{line}\n"
