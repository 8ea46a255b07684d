"""The doctor reports a judge that works, and one that does not."""

from __future__ import annotations

import json

import pytest

from handgrad.cli import doctor
from handgrad.cli.application import run
from handgrad.cli.console import Speaker


def test_every_fact_is_in_the_json(capsys):
    assert run(["doctor", "--json"], Speaker("en")) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["judge"]["works"]
    assert facts["isolation"]["level"] in (1, 2, 3)
    assert {"handgrad", "python", "numpy", "blas", "engine", "console"} <= facts.keys()


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "不正常：坏了"), ("en", "does not work: broken")]
)
def test_a_judge_that_does_not_work_is_an_error(language, words, capsys, monkeypatch):
    isolation, _ = doctor._trial()
    failed = {"works": False, "milliseconds": 1.0, "message": {"zh": "坏了", "en": "broken"}}
    monkeypatch.setattr(doctor, "_trial", lambda: (isolation, failed))
    assert run(["doctor"], Speaker(language)) == 3
    assert words in capsys.readouterr().out
