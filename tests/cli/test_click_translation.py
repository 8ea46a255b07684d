"""What is wrong with a call, and the help pages, in both languages and for the terminal's width."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from handgrad.cli.application import COMMANDS, run
from handgrad.cli.console import Speaker

WRONG_CALLS = {
    "fly": ("没有命令 fly。", "There is no command fly."),
    "judge": ("缺少参数 关卡。", "Missing argument LEVEL."),
    "hint fully-connected x": ("「x」不是整数。", "'x' is not a whole number."),
    "hint fully-connected 1 2": ("多余的参数：2。", "Unexpected arguments: 2."),
    "lab --port 99999": ("不在范围 0<=x<=65535 之内", "is not in the range 0<=x<=65535"),
    "lab --data pyproject.toml": ("这里需要文件夹", "a folder is needed"),
    "check a.py:A --dtype int8": (
        "「int8」不在可选的值「float64」、「float32」",
        "is not one of 'float64'",
    ),
    "judge fully-connected a.py --sed 1": ("是不是 --seed", "Did you mean --seed"),
    "judge fully-connected a.py --seed": ("需要一个值", "needs a value"),
}


@pytest.mark.parametrize("call", WRONG_CALLS)
def test_a_wrong_call_is_explained_in_both_languages(call, capsys, monkeypatch, pytestconfig):
    monkeypatch.chdir(pytestconfig.rootpath)
    for language, problem in zip(("zh", "en"), WRONG_CALLS[call], strict=True):
        assert run(call.split(), Speaker(language)) == 2
        message = capsys.readouterr().err
        assert problem in message
        assert " --help" in message


@pytest.mark.parametrize("columns", [60, 100])
@pytest.mark.parametrize("command", ["", *(c for c in COMMANDS if c != "train"), "levels check"])
def test_no_chinese_line_is_wider_than_the_terminal(command, columns, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    run([*command.split(), "--help"], Speaker("zh"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("用法：")
    assert all(cell_len(line) <= columns for line in lines if "|" not in line)


def test_chinese_explanations_begin_in_one_column(capsys):
    run(["judge", "--help"], Speaker("zh"))
    lines = capsys.readouterr().out.splitlines()
    starts = {
        cell_len(line[: line.index(text)])
        for text in ("只评测这个类", "不透露任何正确值", "显示语言")
        for line in lines
        if text in line
    }
    assert len(starts) == 1


def test_the_list_of_commands_has_whole_sentences(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    for language in ("zh", "en"):
        run(["--help"], Speaker(language))
        assert "..." not in capsys.readouterr().out.partition("lab ")[2]
