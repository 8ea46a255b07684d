"""Reading an answer from disk: its bytes as they are, and nothing that is not an answer's file."""

from __future__ import annotations

import pytest

from handgrad.errors import UsageError
from handgrad.judging import Answer
from handgrad.sandbox.limits import MAX_SOURCE_BYTES


def test_reading_an_answer(tmp_path):
    path = tmp_path / "a.py"
    path.write_bytes(b"\xff\x00")
    assert Answer.read(path).source == b"\xff\x00"


def test_the_longest_answer_is_read_and_one_byte_more_is_refused(tmp_path):
    path = tmp_path / "a.py"
    path.write_bytes(b"#" * MAX_SOURCE_BYTES)
    assert len(Answer.read(path).source) == MAX_SOURCE_BYTES
    path.write_bytes(b"#" * (MAX_SOURCE_BYTES + 1))
    with pytest.raises(UsageError, match="at most 1 MB"):
        Answer.read(path)


def test_a_folder_and_a_missing_file_are_said_to_be_so(tmp_path):
    with pytest.raises(UsageError, match="is a folder"):
        Answer.read(tmp_path)
    with pytest.raises(UsageError, match="There is no file"):
        Answer.read(tmp_path / "missing.py")


def test_a_link_may_stay_in_its_folder_and_not_leave_it(tmp_path):
    folder = tmp_path / "handed_in"
    folder.mkdir()
    (folder / "a.py").write_bytes(b"mine")
    (tmp_path / "secret").write_bytes(b"theirs")
    try:
        (folder / "inside.py").symlink_to(folder / "a.py")
        (folder / "outside.py").symlink_to(tmp_path / "secret")
    except OSError:
        pytest.skip("links need a privilege here")
    assert Answer.read(folder / "inside.py").source == b"mine"
    with pytest.raises(UsageError, match="outside its own folder"):
        Answer.read(folder / "outside.py")
