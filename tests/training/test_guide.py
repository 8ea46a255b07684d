"""The guide's page on training: its Python runs, its options exist, both languages say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handgrad.cli.console import Speaker
from handgrad.cli.train import command

GUIDE = Path(__file__).parents[2] / "docs" / "guide"


def blocks(name, kind):
    text = (GUIDE / name).read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", ["train.md", "train.zh.md"])
def test_its_python_runs(name, tmp_path, monkeypatch, capsys):
    pytest.importorskip("sklearn")
    monkeypatch.chdir(tmp_path)
    names = {}
    for block in blocks(name, "python"):
        exec(block, names)
    assert names["again"].evaluate(names["data"].x_test, names["data"].t_test).accuracy > 0.93
    assert "accuracy=" in capsys.readouterr().out
    assert (tmp_path / "run.ckpt").exists()


def test_both_languages_show_the_same_code():
    for kind in ("python", "bash", "text"):
        english, chinese = (
            [re.sub(r"  #.*", "", block) for block in blocks(name, kind)]
            for name in ("train.md", "train.zh.md")
        )
        assert english == chinese


@pytest.mark.parametrize("name", ["train.md", "train.zh.md"])
def test_every_option_it_names_is_there(name):
    text = (GUIDE / name).read_text(encoding="utf-8")
    options = {option for p in command(Speaker("en")).params for option in p.opts} | {"--help"}
    for option in re.findall(r"(?<![\w-])--[a-z]+[a-z-]*", text):
        assert option in options, option
