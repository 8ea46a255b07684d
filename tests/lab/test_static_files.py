"""The bundle's files, compressed and cached."""

import gzip

import pytest

from handgrad.lab.static_files import accepted_codings, read_bundle


@pytest.fixture(scope="module")
def bundle():
    return read_bundle()


def test_every_file_is_served_as_it_is_and_for_ever(me, bundle):
    assert bundle
    for name, file in bundle.items():
        reply = me.get(f"/static/{name}", headers={"Accept-Encoding": "identity"})
        assert reply.status_code == 200
        assert reply.content == file.plain
        assert "immutable" in reply.headers["cache-control"]
        assert reply.headers["content-type"].startswith(file.kind)
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert "content-encoding" not in reply.headers


def test_scripts_and_styles_lie_ready_compressed(me, bundle):
    for name, file in bundle.items():
        if not name.endswith((".js", ".css")):
            continue
        assert gzip.decompress(file.coded["gzip"]) == file.plain
        for coding in ("br", "gzip"):
            reply = me.get(f"/static/{name}", headers={"Accept-Encoding": coding})
            assert reply.headers["content-encoding"] == coding
            assert int(reply.headers["content-length"]) == len(file.coded[coding])
            assert reply.headers["vary"] == "Accept-Encoding"


def test_only_names_of_the_bundle_are_there(me, bundle, tmp_path):
    assert not [name for name in bundle if name.startswith(".") or name.endswith((".br", ".gz"))]
    assert me.get("/static/nope.js").status_code == 404
    (tmp_path / "a.js").write_text("1")
    (tmp_path / "link.js").symlink_to("/etc/passwd")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "b.js").write_text("2")
    assert list(read_bundle(tmp_path)) == ["a.js"]


@pytest.mark.parametrize(
    ("header", "codings"),
    [("", set()), ("gzip", {"gzip"}), ("gzip;q=0, br", {"br"}), ("BR , gzip; q=0.0", {"br"})],
)
def test_codings(header, codings):
    assert accepted_codings(header) == codings
