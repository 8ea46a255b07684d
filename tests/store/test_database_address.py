"""Where data lies, by the convention of each platform."""

import os
from pathlib import Path

import pytest

from handgrad.errors import StoreError
from handgrad.store.database_address import data_folder, plain_address, sqlite_address


@pytest.mark.parametrize(
    ("platform", "environment", "folder"),
    [
        ("linux", {}, "~/.local/share/handgrad"),
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/handgrad"),
        ("linux", {"XDG_DATA_HOME": "not/absolute"}, "~/.local/share/handgrad"),
        ("darwin", {"XDG_DATA_HOME": "/data"}, "~/Library/Application Support/handgrad"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/handgrad"),
        ("win32", {}, "~/AppData/Local/handgrad"),
        ("linux", {"HANDGRAD_DATA": "/mine"}, "/mine"),
    ],
)
def test_the_data_folder(platform, environment, folder):
    assert data_folder(environment, platform) == Path(folder).expanduser()


def test_the_folder_is_made_for_its_user_alone(tmp_path):
    address = sqlite_address(tmp_path / "a" / "b")
    assert address == f"sqlite:///{(tmp_path / 'a' / 'b' / 'lab.sqlite3').as_posix()}"
    if os.name == "posix":
        assert (tmp_path / "a" / "b").stat().st_mode & 0o077 == 0
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_a_folder_that_cannot_be_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as caught:
        sqlite_address(tmp_path / "file" / "folder")
    assert "--data" in caught.value.text.zh
    assert "--data" in caught.value.text.en


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("postgres://a@b/c", "postgresql+psycopg://a@b/c"),
        ("postgresql://a@b/c?host=/x", "postgresql+psycopg://a@b/c?host=/x"),
        ("sqlite:////a/b", "sqlite:////a/b"),
    ],
)
def test_addresses(address, plain):
    assert plain_address(address) == plain


@pytest.mark.parametrize(
    "address", ["", "lab", "mysql://x/y", "sqlite://", "postgresql:x", "postgresql"]
)
def test_addresses_of_nothing_we_know_are_refused(address):
    with pytest.raises(StoreError):
        plain_address(address)
