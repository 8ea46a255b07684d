"""All that a learner wrote is text: in JSON, in a page, on the teacher's screen."""

import json
import re

LEVEL = "/api/levels/fully-connected"
NASTY = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\u2028'\"&{{7*7}}"


def test_a_draft_in_a_page_stays_text(fresh):
    with fresh() as lab, lab.client() as client:
        client.put(f"{LEVEL}/draft", json={"source": NASTY})
        page = client.get("/levels/fully-connected").text
        assert "<script>alert" not in page
        assert "onerror=alert" not in page.replace("\\u003cimg src=x onerror=alert", "")
        [data] = re.findall(
            r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL
        )
        assert json.loads(data)["level"]["draft"]["source"] == NASTY


def test_what_an_answer_prints_and_raises_is_json_text(me):
    source = f"print({NASTY!r})\nprint('\\x1b[31m')\nraise ValueError({NASTY!r})"
    reply = me.post(f"{LEVEL}/answers", params={"wait": 30}, json={"source": source})
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["x-content-type-options"] == "nosniff"
    [verdict] = reply.json()
    assert NASTY.split("\u2028", maxsplit=1)[0] in verdict["printed"]
    number = me.get(f"{LEVEL}/answers").json()["answers"][0]["answer"]
    again = me.get(f"/api/answers/{number}")
    assert again.json()["source"] == source
    assert again.json()["verdicts"] == reply.json()


def test_a_name_is_text_wherever_it_stands(signed_in):
    name = "<img src=x onerror=alert(1)>"
    somebody = signed_in(name)
    assert somebody.get("/api/session").json()["learner"]["name"] == name
    page = somebody.get("/").text
    assert "<img src=x" not in page
    noether = signed_in("Noether")
    assert name in [one["name"] for one in noether.get("/api/class").json()["learners"]]
    assert "<img src=x" not in noether.get("/class").text


def test_what_the_address_says_is_text_too(me, alone):
    for address in (
        "/levels/<script>alert(1)</script>", "/<script>alert(1)</script>",
        "/?lang=<script>alert(1)</script>", "/join?code=<script>alert(1)</script>",
    ):  # fmt: skip
        assert "<script>alert" not in me.get(address, follow_redirects=True).text
    with alone.client() as client:
        reply = client.get("/", headers={"Host": "<script>alert(1)</script>"})
        assert "<script>alert" not in reply.text


def test_words_of_the_address_do_not_become_headers(signed_in, school):
    with school.client() as client:
        reply = client.get("/levels/activations%0d%0aSet-Cookie:%20x=1")
        assert "set-cookie" not in reply.headers
