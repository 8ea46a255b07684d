from __future__ import annotations

import numpy as np
import pytest
from support.messages import raises

from handgrad.errors import FileError
from handgrad.training.safetensors_file import read_safetensors, write_safetensors


def test_arrays_and_metadata_come_back(rng, tmp_path):
    arrays = {"a": rng.normal(size=(2, 3)), "b": np.float32(rng.normal(size=4))}
    write_safetensors(tmp_path / "file", arrays, {"name": "三", "other": ""})
    read, about = read_safetensors(tmp_path / "file")
    assert about == {"name": "三", "other": ""}
    for name, array in arrays.items():
        np.testing.assert_array_equal(read[name], array)
        assert read[name].dtype == array.dtype


def test_the_same_content_gives_the_same_bytes(tmp_path):
    about = {str(number): "" for number in range(20)}
    for name in ("one", "two"):
        write_safetensors(tmp_path / name, {"a": np.zeros(3)}, dict(reversed(about.items())))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("content", [b"", b"text", b"\x08" + bytes(7) + b"{}      "[:4]])
def test_what_is_no_safetensors_file(tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    with raises(FileError, "file", "safetensors"):
        read_safetensors(tmp_path / "file")


def test_a_file_that_is_not_there_and_a_folder_that_is_not_there(tmp_path):
    with raises(FileError, "missing"):
        read_safetensors(tmp_path / "missing")
    with raises(FileError, "folder"):
        write_safetensors(tmp_path / "folder" / "file", {}, {})
