"""The verdict that the README shows is the one that the judge prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handgrad.cli.application import run
from handgrad.cli.console import Speaker

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("page", "language"), [("README.md", "en"), ("README.zh.md", "zh")])
def test_the_verdict_in_the_readme(page, language, monkeypatch, capsys):
    text = (ROOT / page).read_text(encoding="utf-8")
    shown = re.search(r"^```text\n\$ handgrad (.+)\n((?:.+\n)+)```", text, re.MULTILINE)
    assert shown is not None
    monkeypatch.chdir(ROOT / "examples" / "fully-connected")
    monkeypatch.setenv("COLUMNS", "100")
    run([*shown[1].split(), "--seed", "7"], Speaker(language))
    assert capsys.readouterr().out.partition("\n\n")[0] == shown[2].rstrip()
