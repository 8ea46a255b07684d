"""Pages: languages, errors, where each leads."""

import re

import pytest

from handgrad.lab.page_routes import preferred


@pytest.mark.parametrize(
    ("header", "language"),
    [("", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-US,en;q=0.9,zh;q=0.8", "en"),
     ("fr, zh-TW;q=0.1", "zh"), ("zh;q=0, en;q=0.1", "en"), ("*", "en"), ("zh;q=x", "en"),
     ("zh;q=nan", "en"), ("," * 5000, "en")],
)  # fmt: skip
def test_the_browsers_language(header, language):
    assert preferred(header) == language


def language(reply):
    return re.search(r'<html[^>]* lang="([^"]+)"', reply.text).group(1)


def test_the_language_of_a_page_is_asked_for_chosen_or_the_browsers(me):
    chinese = {"Accept-Language": "zh-CN"}
    assert language(me.get("/", headers={"Accept-Language": "de"})) == "en"
    assert language(me.get("/", headers=chinese)).startswith("zh")
    assert language(me.get("/", headers=chinese | {"Cookie": "lang=en"})) == "en"
    both = {"Cookie": "lang=en"}
    assert language(me.get("/", params={"lang": "zh"}, headers=both)).startswith("zh")
    assert language(me.get("/", params={"lang": "xx"}, headers=chinese)).startswith("zh")


def test_pages_carry_what_their_scripts_need(me, alone):
    page = me.get("/levels/activations").text
    assert f'content="{alone.lab.token("alone")}"' in page
    assert re.search(r'<meta name="csp-nonce" content="[^"]{16,}"', page)


@pytest.mark.parametrize("address", ["/nope", "/levels/nope", "/levels/", "/class/", "/api"])
def test_an_address_that_is_not_there_is_a_page_that_says_so(me, address):
    reply = me.get(address, headers={"Accept-Language": "zh"})
    assert reply.status_code == 404
    assert "text/html" in reply.headers["content-type"]
    assert "没有" in reply.text


def test_alone_there_is_nowhere_to_sign_in(me):
    for address in ("/sign-in", "/join", "/join?code=x"):
        reply = me.get(address)
        assert (reply.status_code, reply.headers["location"]) == (303, "/")
    assert me.get("/class").status_code == 403


def test_signed_out_a_page_leads_to_signing_in_and_back(school, signed_in):
    with school.client() as client:
        reply = client.get("/levels/activations")
        assert reply.headers["location"] == "/sign-in?next=/levels/activations"
        assert client.get("/sign-in").status_code == 200
        assert client.get("/join", params={"code": "abc"}).status_code == 200
    assert signed_in("Ada").get("/sign-in").headers["location"] == "/"


def test_pages_are_compressed_but_for_the_one_that_shows_words_of_its_address(me, school):
    zipped = {"Accept-Encoding": "gzip"}
    for address in ("/levels/activations", "/api/levels/activations"):
        reply = me.get(address, headers=zipped)
        assert reply.headers["content-encoding"] == "gzip"
        assert "Accept-Encoding" in reply.headers["vary"]
        assert int(reply.headers["content-length"]) < len(reply.content) / 2
        assert "content-encoding" not in me.get(address, headers={"Accept-Encoding": ""}).headers
    with school.client() as client:
        reply = client.get("/join", params={"code": "a" * 100}, headers=zipped)
        assert "content-encoding" not in reply.headers
