from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from handgrad.course import Course, load_course
from handgrad.course.catalogue import OWN_LEVELS
from handgrad.errors import LevelError, UsageError


def copied(level: str, to: Path, /, **replaced: str) -> Path:
    """A copy of one of the package's levels, with the first of some keys set anew."""
    folder = to / level
    shutil.copytree(OWN_LEVELS / level, folder, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / "level.toml"
    text = path.read_text(encoding="utf-8")
    for key, value in replaced.items():
        text, count = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", text, count=1)
        assert count, key
    path.write_text(text, encoding="utf-8")
    return folder


def test_the_levels_come_in_the_order_in_which_they_are_learnt(course: Course) -> None:
    names = [level.name for level in course.levels]
    assert names == ["fully-connected", "activations", "three-layer-network"]
    assert [course.after(name) for name in names] == [*course.levels[1:], None]


def test_an_unknown_name_is_answered_with_the_nearest_and_with_all(course: Course) -> None:
    with pytest.raises(UsageError) as raised:
        course.level("Fully_Conected")
    for language in (raised.value.text.zh, raised.value.text.en):
        assert "Fully_Conected" in language
        assert language.count("fully-connected") == 2  # the nearest, and in the list
        assert "three-layer-network" in language


def test_a_name_like_none_gets_no_guess(course: Course) -> None:
    with pytest.raises(UsageError) as raised:
        course.level("zzz")
    assert "Did you mean" not in raised.value.text.en


def test_what_comes_after_an_unknown_level_is_a_usage_error(course: Course) -> None:
    with pytest.raises(UsageError):
        course.after("convolution")


def test_a_teachers_folder_adds_its_levels(tmp_path: Path, rng: np.random.Generator) -> None:
    copied("activations", tmp_path, name='"my-activations"', order="7")
    course = load_course(tmp_path)
    level = course.level("my-activations")
    assert course.levels[-1] is level
    assert level.folder == tmp_path / "activations"
    assert [case.kind for case in level.cases("Relu", rng)]
    assert set(level.reference) == {"Sigmoid", "Relu"}
    assert level.mistakes
    assert level.answer_file == "my_activations.py"


def test_a_teachers_folder_may_be_a_level_itself(tmp_path: Path) -> None:
    folder = copied("fully_connected", tmp_path, name='"mine"', order="0")
    assert load_course(folder).levels[0].name == "mine"


def test_a_name_that_is_taken_is_an_error_that_names_both_folders(tmp_path: Path) -> None:
    folder = copied("activations", tmp_path)
    with pytest.raises(LevelError) as raised:
        load_course(tmp_path)
    for language in (raised.value.text.zh, raised.value.text.en):
        assert str(folder) in language
        assert str(OWN_LEVELS / "activations") in language


@pytest.mark.parametrize("made", [True, False])
def test_a_folder_without_levels_is_a_usage_error(tmp_path: Path, made: bool) -> None:
    folder = tmp_path / "levels"
    if made:
        folder.mkdir()
        (folder / "notes").mkdir()
    with pytest.raises(UsageError) as raised:
        load_course(folder)
    assert str(folder) in raised.value.text.zh
    assert "level.toml" in raised.value.text.en


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"requires": '["convolution"]'}, "convolution"),
        ({"requires": '["three-layer-network"]'}, "must come before"),
        ({"requires": '["mine"]'}, "must come before"),
        ({"level": '"convolution"'}, "given names the level convolution"),
        ({"level": '"activations"'}, "written in the level activations"),
    ],
)
def test_a_level_that_leans_on_what_is_not_there(
    tmp_path: Path, changed: dict[str, str], told: str
) -> None:
    folder = copied("three_layer_network", tmp_path, name='"mine"', order="3", **changed)
    with pytest.raises(LevelError) as raised:
        load_course(tmp_path)
    assert told in raised.value.text.en
    assert str(folder / "level.toml") in raised.value.text.en
    assert str(folder / "level.toml") in raised.value.text.zh


def test_listing_the_levels_loads_neither_numpy_nor_any_level_code() -> None:
    code = (
        "import sys; from handgrad.course import load_course\n"
        "titles = [level.title for level in load_course().levels]\n"
        "heavy = ('numpy', 'handgrad.diagnosis', 'handgrad.layers', 'hashlib', 'difflib')\n"
        "print(len(titles), [name for name in heavy if name in sys.modules])"
    )
    environment = os.environ | {"PYTHONPATH": str(OWN_LEVELS.parents[2])}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert ran.stdout.split(maxsplit=1) == ["3", "[]\n"]
