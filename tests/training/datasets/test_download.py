"""Downloads from a server of our own on this machine; the real hosts are not asked."""

from __future__ import annotations

import gzip
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from support.messages import raises

from handgrad.errors import DownloadError, FileError
from handgrad.training.datasets.download import RemoteFile, checked, data_folder, fetched

HELD = bytes(range(256)) * 40
REMOTE = RemoteFile("numbers.gz", hashlib.sha256(HELD).hexdigest())


class Mirror(BaseHTTPRequestHandler):
    """Each first part of the path is a mirror with a fault of its own."""

    def do_GET(self):
        whole = gzip.compress(HELD)
        kind = self.path.split("/")[1]
        self.server.asked.append(kind)
        if kind == "missing":
            self.send_error(404)
            return
        body = {
            "whole": whole,
            "again": gzip.compress(HELD, 1),  # other bytes, the same content
            "plain": HELD,
            "other": gzip.compress(HELD[::-1]),
            "torn": whole[:-9],
            "page": b"<html>sign in</html>",
            "short": whole[:50],
        }[kind]
        self.send_response(200)
        self.send_header("Content-Length", str(len(whole) if kind == "short" else len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as running:
        running.asked = []
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def mirrors(server, *kinds):
    return [f"http://127.0.0.1:{server.server_port}/{kind}/" for kind in kinds]


@pytest.mark.parametrize("kind", ["whole", "again", "plain"])
def test_what_is_inside_counts_and_not_how_it_was_compressed(server, tmp_path, kind):
    path = fetched(REMOTE, mirrors(server, kind), tmp_path / "new" / "folder")
    assert path == tmp_path / "new" / "folder" / "numbers.gz"
    assert checked(REMOTE, path) == HELD
    assert [p.name for p in path.parent.iterdir()] == ["numbers.gz"]  # nothing beside it


def test_the_first_mirror_that_has_it_whole(server, tmp_path):
    told = []
    kinds = ["missing", "other", "torn", "page", "short", "whole", "again"]
    path = fetched(REMOTE, mirrors(server, *kinds), tmp_path, told.append)
    assert checked(REMOTE, path) == HELD
    assert server.asked == kinds[:-1]
    assert [f"/{kind}/" in text.en for kind, text in zip(kinds, told, strict=False)] == [True] * 6


def test_without_any_mirror_each_reason_is_told_and_nothing_is_left(server, tmp_path):
    closed = "http://127.0.0.1:9/"  # nobody listens
    with raises(
        DownloadError, "numbers.gz", "404", "--data", "HANDGRAD_DATA", closed, str(tmp_path)
    ):
        fetched(REMOTE, [*mirrors(server, "missing", "torn"), closed], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_stays_when_the_new_one_is_bad(server, tmp_path):
    (tmp_path / "numbers.gz").write_bytes(b"older")
    with raises(DownloadError, "numbers.gz"):
        fetched(REMOTE, mirrors(server, "other"), tmp_path)
    assert (tmp_path / "numbers.gz").read_bytes() == b"older"


def test_a_folder_that_cannot_be_made(server, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with raises(DownloadError, "--data", "numbers.gz"):
        fetched(REMOTE, mirrors(server, "whole"), tmp_path / "file")


def test_another_file_of_that_name(tmp_path):
    path = tmp_path / "numbers.gz"
    path.write_bytes(gzip.compress(b"something else"))
    with raises(FileError, str(path), REMOTE.sha256[:12], "14"):
        checked(REMOTE, path)


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"HANDGRAD_DATA": "asked"}, ("asked",)),
        ("linux", {"XDG_CACHE_HOME": "xdg"}, ("xdg", "handgrad", "data")),
        ("linux", {}, ("home", ".cache", "handgrad", "data")),
        ("darwin", {}, ("home", "Library", "Caches", "handgrad", "data")),
        ("win32", {"LOCALAPPDATA": "local"}, ("local", "handgrad", "data")),
    ],
)
def test_where_data_are_kept(monkeypatch, platform, variables, expected):
    for name in ("HANDGRAD_DATA", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", "home")
    monkeypatch.setenv("USERPROFILE", "home")
    monkeypatch.setattr("sys.platform", platform)
    assert data_folder().parts == expected
