"""Files that are there whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.messages import raises

from handgrad.errors import FileError
from handgrad.training.atomic_file import read_file, write_atomically, write_file


def test_it_replaces_and_leaves_nothing_beside(tmp_path):
    path = tmp_path / "a"
    for held in (b"first", b"second" * 1000, b""):
        write_atomically(path, held)
        assert path.read_bytes() == held
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_there_stays_when_writing_fails(tmp_path, monkeypatch):
    path = tmp_path / "a"
    write_atomically(path, b"first")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="space"):
        write_atomically(path, b"second")
    assert path.read_bytes() == b"first"
    assert [p.name for p in Path(tmp_path).iterdir()] == ["a"]


def test_a_file_of_the_user_that_cannot_be_opened_is_named(tmp_path):
    with raises(FileError, "missing"):
        read_file(tmp_path / "missing")
    with raises(FileError, "nowhere"):
        write_file(tmp_path / "nowhere" / "a", b"")
