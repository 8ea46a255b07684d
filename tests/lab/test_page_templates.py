"""The shells: the right language, the right parts, and data that cannot leave their element."""

from __future__ import annotations

import gzip
import json
import re

import pytest

pytest.importorskip("jinja2")

from handgrad.errors import LabError
from handgrad.lab.page_templates import STATIC, PageTemplates, embedded

SESSION = {"learner": None, "notice": None}
TEXTS = {"zh": "<p>中文</p>", "en": "<p>English</p>"}
LEVEL = {"level": "a", "title": {"zh": "题目", "en": "Title <b>"}, "statement": TEXTS}
DATA = {
    "map": {"session": SESSION, "levels": []},
    "level": {"session": SESSION, "level": LEVEL},
    "sign-in": {"session": SESSION},
    "join": {"session": SESSION, "invitation": '"><script>alert(1)</script>'},
    "class": {"session": SESSION},
    "error": {"session": SESSION, "status": 404, "error": {"zh": "没有", "en": "none"}},
}


@pytest.fixture(scope="module")
def shell():
    return PageTemplates()


def page(shell, name, language="en"):
    return shell.page(
        name, language=language, csrf_token="token", csp_nonce="nonce", data=DATA[name]
    )


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-Hans"), ("en", "en")])
def test_every_page_says_its_language_and_carries_its_data(shell, name, language, tag):
    html = page(shell, name, language)
    assert f'<html lang="{tag}" data-page="{name}">' in html
    assert '<meta name="csrf-token" content="token">' in html
    assert '<meta name="csp-nonce" content="nonce">' in html
    carried = json.loads(re.search(r'id="data">(.*?)</script>', html, re.DOTALL)[1])
    expected = json.loads(json.dumps(DATA[name]))
    expected.get("level", {}).pop("statement", None)
    assert carried == expected


@pytest.mark.parametrize("name", DATA)
def test_a_page_runs_no_inline_script_or_style_and_asks_nobody_else(shell, name):
    html = page(shell, name)
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL)
    for attributes, content in scripts:
        assert content == "" or 'type="application/json"' in attributes
    assert "<style" not in html
    assert not re.search(r"\s(style|on\w+)=", html)
    assert not re.findall(r'(?:src|href)="(?!/|#|data:)', html)


@pytest.mark.parametrize("name", DATA)
def test_everything_a_page_names_is_in_the_bundle(shell, name):
    for address in re.findall(r'(?:src|href)="/static/([^"]+)"', page(shell, name)):
        assert (STATIC / address).is_file()


def test_both_statements_are_in_the_page_and_titles_are_text(shell):
    html = page(shell, "level", "zh")
    assert TEXTS["zh"] in html
    assert TEXTS["en"] in html
    assert "<title>题目 · handgrad</title>" in html
    assert "Title &lt;b&gt;" in page(shell, "level")


def test_data_never_leave_their_element():
    hostile = {"a": "</script><script>alert(1)</script><!--", "b": "\u2028\u2029&amp;"}
    text = str(embedded(hostile))
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == hostile


def test_a_missing_bundle_is_said_with_what_to_do(tmp_path):
    with pytest.raises(LabError) as caught:
        PageTemplates(tmp_path)
    assert str(tmp_path) in caught.value.text["zh"]
    assert "npm" in caught.value.text["en"]


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"src/main.ts": {}}', '{"src/main.ts": 3}'])
def test_a_damaged_bundle_is_said(tmp_path, content):
    manifest = tmp_path / ".vite" / "manifest.json"
    manifest.parent.mkdir()
    manifest.write_text(content, encoding="utf-8")
    with pytest.raises(LabError, match="manifest"):
        PageTemplates(tmp_path)


def test_every_asset_is_there_compressed_twice_and_named_by_its_content():
    assets = [path for path in (STATIC / "assets").iterdir() if path.suffix in (".js", ".css")]
    assert len(assets) >= 4
    for path in assets:
        assert re.search(r"-[\w-]{8}$", path.stem)
        for ending in (".br", ".gz"):
            packed = path.with_name(path.name + ending)
            assert packed.is_file()
            assert packed.stat().st_size < path.stat().st_size or path.stat().st_size < 200
        assert gzip.decompress(path.with_name(path.name + ".gz").read_bytes()) == path.read_bytes()
