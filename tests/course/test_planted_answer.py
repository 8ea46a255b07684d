from __future__ import annotations

from pathlib import Path

import pytest

from handgrad.course import PlantedAnswer
from handgrad.errors import LevelError

WHOLE = """\
# expect: error
# a remark of the author's
# kind: exception
# class: Relu
# mistakes: dx: no-gate, dW: dw-transposed,: fixed-shape
# warnings: dout-changed, output-changed

# expect: pass
class Relu: pass
"""


def planted(folder: Path, data: bytes) -> PlantedAnswer:
    path = folder / "answer.py"
    path.write_bytes(data)
    return PlantedAnswer.load(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_the_comments_at_the_top_declare_the_verdict(
    tmp_path: Path, encoding: str, ends: str
) -> None:
    data = WHOLE.replace("remark", "备注").replace("\n", ends).encode(encoding)
    answer = planted(tmp_path, data)
    assert answer.source == data
    assert answer.path.name == "answer.py"
    assert answer.verdict == "error"
    assert answer.kind == "exception"
    assert answer.class_name == "Relu"
    assert answer.mistakes == {("dx", "no-gate"), ("dW", "dw-transposed"), ("", "fixed-shape")}
    assert answer.warnings == {"dout-changed", "output-changed"}


def test_a_right_answer_declares_no_more_than_that(tmp_path: Path) -> None:
    answer = planted(tmp_path, b"# expect: pass\nclass Relu: pass\n")
    assert (answer.verdict, answer.kind, answer.class_name) == ("pass", None, None)
    assert answer.mistakes == answer.warnings == frozenset()


@pytest.mark.parametrize("data", [b"", b"class Relu: pass\n# expect: pass\n", b"# kind: exited\n"])
def test_an_answer_that_declares_no_verdict_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(LevelError) as raised:
        planted(tmp_path, data)
    assert str(tmp_path / "answer.py") in raised.value.text.zh
    assert "# expect: wrong" in raised.value.text.en


def test_one_thing_declared_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LevelError) as raised:
        planted(tmp_path, b"# expect: wrong\n# mistakes: a: b\n# mistakes: c: d\n")
    assert "declare mistakes twice" in raised.value.text.en
