from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from handgrad.course import Course, Level
from handgrad.course.catalogue import OWN_LEVELS
from handgrad.errors import LevelError


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the level fully-connected that a test may break."""
    folder = tmp_path / "fully_connected"
    shutil.copytree(
        OWN_LEVELS / "fully_connected", folder, ignore=shutil.ignore_patterns("__pycache__")
    )
    return folder


def refused(level: Level, what: str) -> str:
    with pytest.raises(LevelError) as raised:
        getattr(level, what)
    assert str(level.folder) in raised.value.text.zh
    return raised.value.text.en


def test_a_copy_has_the_same_revision_wherever_it_lies(own: Path, course: Course) -> None:
    revision = Level.load(own).revision
    assert revision == course.level("fully-connected").revision
    assert len(revision) == 6
    assert set(revision) <= set("0123456789abcdef")


def test_line_ends_do_not_count(own: Path, course: Course) -> None:
    path = own / "template.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert Level.load(own).revision == course.level("fully-connected").revision


@pytest.mark.parametrize(
    "name", ["level.toml", "template.py", "cases.py", "mistakes.py", "reference.py", "new/data.csv"]
)
def test_any_file_that_a_verdict_rests_on_changes_the_revision(
    own: Path, course: Course, name: str
) -> None:
    path = own / name
    path.parent.mkdir(exist_ok=True)
    with path.open("ab") as file:
        file.write(b"\n# changed\n")
    assert Level.load(own).revision != course.level("fully-connected").revision


@pytest.mark.parametrize(
    "name", ["wrong/new.py", "right/new.py", "__pycache__/cases.cpython.pyc", ".DS_Store", "hints~"]
)
def test_planted_answers_and_litter_do_not(own: Path, course: Course, name: str) -> None:
    (own / "__pycache__").mkdir(exist_ok=True)
    (own / name).write_bytes(b"# expect: wrong\n")
    assert Level.load(own).revision == course.level("fully-connected").revision


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("template.py", "template"),
        ("solution.py", "solution"),
        ("statement.zh.md", "statement"),
        ("hints.en.md", "hints"),
        ("reference.py", "reference"),
        ("mistakes.py", "mistakes"),
    ],
)
def test_a_file_that_is_not_there_is_named(own: Path, file: str, what: str) -> None:
    (own / file).unlink()
    assert file in refused(Level.load(own), what)


def test_a_text_that_is_not_utf8_is_named(own: Path) -> None:
    (own / "statement.zh.md").write_bytes("全连接层".encode("gbk"))
    assert "UTF-8" in refused(Level.load(own), "statement")


def test_code_that_raises_is_told_with_what_it_raised(own: Path) -> None:
    (own / "cases.py").write_text("raise RuntimeError('out of ideas')\n", encoding="utf-8")
    with pytest.raises(LevelError) as raised:
        Level.load(own).cases("FullyConnected", np.random.default_rng(0))
    assert "RuntimeError: out of ideas" in raised.value.text.zh
    assert "cases.py" in raised.value.text.en


@pytest.mark.parametrize(
    ("file", "name", "what"),
    [("reference.py", "FullyConnected", "reference"), ("mistakes.py", "MISTAKES", "mistakes")],
)
def test_code_that_does_not_define_what_it_must(own: Path, file: str, name: str, what: str) -> None:
    (own / file).write_text("", encoding="utf-8")
    message = refused(Level.load(own), what)
    assert file in message
    assert f"must define {name}" in message


def test_code_runs_once_and_only_when_asked_for(own: Path) -> None:
    counter = own / "runs.txt"
    line = f"with open({str(counter)!r}, 'a') as file: file.write('x')\n"
    for file in ("cases.py", "reference.py"):
        path = own / file
        path.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")
    level = Level.load(own)
    assert level.template
    assert level.wrong_answers
    assert not counter.exists()
    for seed in range(3):
        level.cases("FullyConnected", np.random.default_rng(seed))
    assert counter.read_text() == "x"


def test_levels_of_one_name_in_two_folders_keep_their_own_code(own: Path, course: Course) -> None:
    (own / "reference.py").write_text("class FullyConnected: pass\n", encoding="utf-8")
    mine, original = Level.load(own), course.level("fully-connected")
    assert mine.reference["FullyConnected"] is not original.reference["FullyConnected"]


def test_dataclasses_work_in_a_levels_code(own: Path) -> None:
    (own / "reference.py").write_text(
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass FullyConnected:\n    W: list[float]\n    b: list[float]\n",
        encoding="utf-8",
    )
    assert Level.load(own).reference["FullyConnected"]([1.0], [2.0]).W == [1.0]


def test_the_number_of_hints_must_be_the_same_in_both_languages(own: Path) -> None:
    (own / "hints.en.md").write_text("## 1\nLook.\n\n## 2\nLook again.\n", encoding="utf-8")
    message = refused(Level.load(own), "hints")
    assert "2 in hints.en.md" in message


def test_hints_are_what_stands_between_their_numbers(own: Path) -> None:
    for language, words in (("zh", "看"), ("en", "Look")):
        text = f"## 1\n{words} 1\n\nmore\n\n## 2\n\n{words} 2\n"
        (own / f"hints.{language}.md").write_text(text, encoding="utf-8")
    hints = Level.load(own).hints
    assert [hint.zh for hint in hints] == ["看 1\n\nmore", "看 2"]
    assert [hint.en for hint in hints] == ["Look 1\n\nmore", "Look 2"]


def test_a_judged_class_is_found_by_its_name(course: Course) -> None:
    level = course.level("activations")
    relu = level.judged_class("Relu")
    assert relu is level.classes[1]
    assert level.judged_class("relu") is None


def test_given_source_is_empty_where_nothing_is_given(course: Course) -> None:
    assert course.level("fully-connected").given_source == ""
    assert "class MeanSquaredError" in course.level("three-layer-network").given_source
