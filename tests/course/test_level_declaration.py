from __future__ import annotations

from pathlib import Path

import pytest

from handgrad.course.level_declaration import GivenClass, read_declaration
from handgrad.errors import LevelError

WHOLE = """
name = "outer-product"
order = 12
requires = ["fully-connected"]
title = { zh = "外积", en = "The outer product" }
summary = { zh = "一句话。", en = "A sentence." }

[[classes]]
name = "Outer"
constructor = ["v"]
methods = { forward = ["x"], backward = ["dout"], reset = [] }

[classes.arrays]
y = { axes = ["B", "M"], from = "forward" }
dx = { axes = ["B"], from = "backward" }
dv = { axes = ["M"], from = "attribute" }
p = { axes = [], from = "attribute", label = { zh = "概率", en = "probability" } }

[[given]]
name = "FullyConnected"
level = "fully-connected"

[[given]]
name = "MeanSquaredError"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "level.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_everything_that_is_declared_is_read(tmp_path: Path) -> None:
    declared = read_declaration(written(tmp_path, WHOLE))
    assert declared.name == "outer-product"
    assert declared.order == 12
    assert declared.requires == ("fully-connected",)
    assert declared.title.zh == "外积"
    assert declared.summary.en == "A sentence."
    [judged] = declared.classes
    assert judged.name == "Outer"
    assert judged.constructor == ("v",)
    assert judged.methods == {"forward": ("x",), "backward": ("dout",), "reset": ()}
    assert list(judged.arrays) == ["y", "dx", "dv", "p"]
    assert judged.arrays["y"].axes == ("B", "M")
    assert judged.arrays["dv"].source == "attribute"
    assert declared.given == (
        GivenClass("FullyConnected", "fully-connected"),
        GivenClass("MeanSquaredError", None),
    )


def test_an_array_is_called_by_where_it_comes_from_unless_a_label_says_otherwise(
    tmp_path: Path,
) -> None:
    [judged] = read_declaration(written(tmp_path, WHOLE)).classes
    labels = {name: array.label for name, array in judged.arrays.items()}
    assert labels["y"].zh == "forward 返回的 y"
    assert labels["dx"].en == "dx (returned by backward)"
    assert labels["dv"].en == "self.dv"
    assert labels["p"].zh == "概率"


def test_requires_and_given_may_be_left_out(tmp_path: Path) -> None:
    text = WHOLE.replace('requires = ["fully-connected"]\n', "")
    declared = read_declaration(written(tmp_path, text[: text.index("[[given]]")]))
    assert declared.requires == ()
    assert declared.given == ()


@pytest.mark.parametrize(
    ("old", "new", "place", "must"),
    [
        ('name = "outer-product"', "", "name", "is missing. It must be a string"),
        ('name = "outer-product"', 'name = " "', "name", "a string that is not empty"),
        ('name = "outer-product"', 'name = "Outer Product"', "name", "lower-case letters"),
        ("order = 12", 'order = "12"', "order", "whole number"),
        ("order = 12", "order = true", "order", "whole number"),
        ("order = 12", "order = 1.5", "order", "whole number"),
        ('requires = ["fully-connected"]', 'requires = "x"', "requires", "list of strings"),
        ('requires = ["fully-connected"]', "requires = [1]", "requires", "list of strings"),
        ("requires =", "require =", "require", "no such key"),
        ('title = { zh = "外积", en', "title = { en", "title", "both languages"),
        ('"A sentence."', "3", "summary", "both languages"),
        ('en = "A sentence." }', 'en = "A sentence.", fr = "Phrase." }', "summary", "both"),
        ("[[classes]]", "[classes]", "classes", "written as [[classes]]"),
        ('name = "Outer"', 'name = "Outer layer"', "classes[1].name", "valid Python name"),
        (
            'constructor = ["v"]',
            'constructor = ["v w"]',
            "classes[1].constructor",
            "valid Python names",
        ),
        ('constructor = ["v"]', "", "classes[1].constructor", "is missing"),
        ('forward = ["x"]', "forward = 1", "classes[1].methods.forward", "list of strings"),
        ('["B"], from = "backward"', '["B"]', "classes[1].arrays.dx.from", "is missing"),
        ('from = "backward"', 'from = "step"', "classes[1].arrays.dx.from", "'reset'"),
        ('axes = ["B"]', 'axis = ["B"]', "classes[1].arrays.dx.axis", "there can be: axes, from"),
        ('label = { zh = "概率",', "label = {", "classes[1].arrays.p.label", "both languages"),
        ('level = "fully-connected"', "level = 1", "given[1].level", "must be a string"),
        ('name = "MeanSquaredError"', 'name = "FullyConnected"', "given", "FullyConnected twice"),
    ],
)
def test_an_error_names_the_file_the_place_and_what_must_hold(
    tmp_path: Path, old: str, new: str, place: str, must: str
) -> None:
    assert WHOLE.count(old) == 1
    path = written(tmp_path, WHOLE.replace(old, new))
    with pytest.raises(LevelError) as raised:
        read_declaration(path)
    text = raised.value.text
    assert text.en.startswith(f"{path}: {place}: ")
    assert must in text.en
    assert text.zh.startswith(f"{path}: {place}：")
    assert text.zh.endswith("。")
    assert text.en.endswith(".")
    assert "{{" not in text.en


def test_a_level_without_classes_or_arrays_judges_nothing(tmp_path: Path) -> None:
    head = WHOLE[: WHOLE.index("[[classes]]")]
    arrays = WHOLE[: WHOLE.index("\ny = {") + 1]
    for text, must in (
        (head, "classes: This key is missing."),
        (head + "classes = []\n", "at least one class"),
        (arrays, "at least one array"),
    ):
        with pytest.raises(LevelError) as raised:
            read_declaration(written(tmp_path, text))
        assert must in raised.value.text.en


@pytest.mark.parametrize(
    ("data", "must"),
    [
        (b'name = "x', "not valid TOML"),
        (b"name = 1\nname = 2\n", "not valid TOML"),
        ('title = "全连接层"'.encode("gbk"), "UTF-8"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, data: bytes | None, must: str) -> None:
    path = tmp_path / "level.toml"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(LevelError) as raised:
        read_declaration(path)
    assert str(path) in raised.value.text.zh
    assert must in raised.value.text.en
