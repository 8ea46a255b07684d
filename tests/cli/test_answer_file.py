"""An answer comes from a file, or from standard input."""

from __future__ import annotations

import io
from types import SimpleNamespace

from support.messages import raises

from handgrad.cli.answer_file import read_answer
from handgrad.errors import UsageError
from handgrad.sandbox.limits import MAX_SOURCE_BYTES


def test_a_file_is_read_byte_for_byte(tmp_path):
    path = tmp_path / "answer.py"
    path.write_bytes(b"x = 1\r\n\xff")
    answer = read_answer(str(path))
    assert answer.name == str(path)
    assert answer.source == b"x = 1\r\n\xff"


def test_a_dash_is_standard_input_and_no_more_than_the_limit(monkeypatch):
    stdin = SimpleNamespace(buffer=io.BytesIO(b"#" * (MAX_SOURCE_BYTES + 1)))
    monkeypatch.setattr("sys.stdin", stdin)
    answer = read_answer("-")
    assert answer.name == "<stdin>"
    assert len(answer.source) == MAX_SOURCE_BYTES


def test_a_missing_file_is_an_error(tmp_path):
    with raises(UsageError, "none.py"):
        read_answer(str(tmp_path / "none.py"))
