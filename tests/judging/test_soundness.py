"""A level that is broken in any way turns the check red."""

from __future__ import annotations

import shutil

import pytest

from handgrad.course import Level
from handgrad.course.catalogue import OWN_LEVELS
from handgrad.judging import check_level


@pytest.mark.parametrize("name", ["fully-connected", "activations", "three-layer-network"])
def test_our_own_levels_are_sound(course, judge, name):
    assert [f"{f.part}: {f.text.en}" for f in check_level(judge, course.level(name))] == []


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def broken_solution(folder):
    change(folder / "solution.py", "axis=0", "axis=1")


def answered_template(folder):
    shutil.copy(folder / "solution.py", folder / "template.py")


def other_verdict_declared(folder):
    change(folder / "wrong" / "db_mean.py", "# expect: wrong", "# expect: error")


def other_mistake_declared(folder):
    change(folder / "wrong" / "db_mean.py", "db: db-mean", "db: db-not-summed")


def right_answer_among_the_wrong(folder):
    shutil.copy(folder / "right" / "published.py", folder / "wrong" / "published.py")


def undeclared_warning(folder):
    change(folder / "right" / "scales_dout.py", "# warnings: dout-changed\n", "")


def no_english_statement(folder):
    (folder / "statement.en.md").unlink()


def hint_in_one_language(folder):
    change(folder / "hints.zh.md", "## 5", "")


def other_headings(folder):
    change(folder / "statement.zh.md", "### 3.1", "## 3.1")


def no_wrong_answers(folder):
    shutil.rmtree(folder / "wrong")


def empty_title(folder):
    change(
        folder / "level.toml", 'en = "Backpropagation through the fully connected layer"', 'en = ""'
    )


def broken_reference(folder):
    (folder / "reference.py").write_text("class FullyConnected:\n    pass\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("break_it", "part"),
    [
        (broken_solution, "solution.py"),
        (answered_template, "solution.py"),
        (other_verdict_declared, "wrong/db_mean.py"),
        (other_mistake_declared, "wrong/db_mean.py"),
        (right_answer_among_the_wrong, "wrong/published.py"),
        (undeclared_warning, "right/scales_dout.py"),
        (no_english_statement, "texts"),
        (hint_in_one_language, "texts"),
        (other_headings, "statement.*.md"),
        (no_wrong_answers, "wrong/"),
        (empty_title, "level.toml title.en"),
        (broken_reference, "solution.py"),
    ],
)
def test_a_broken_level_is_found(judge, tmp_path, break_it, part):
    folder = tmp_path / "fully_connected"
    kept = ("published.py", "db_mean.py", "scales_dout.py")
    shutil.copytree(
        OWN_LEVELS / "fully_connected",
        folder,
        ignore=lambda path, names: [
            n for n in names if path.endswith(("wrong", "right")) and n not in kept
        ],
    )
    change(folder / "level.toml", 'name = "fully-connected"', 'name = "copy"')
    assert check_level(judge, Level.load(folder)) == []
    break_it(folder)
    assert part in [match.part for match in check_level(judge, Level.load(folder))]
