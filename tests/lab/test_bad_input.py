"""Bad input of every kind: clear words in both languages, and nothing lost."""

import json
import sqlite3
import time

import pytest
import sqlalchemy as sa

from handgrad.errors import StoreError
from handgrad.lab.api_models import MOST_SOURCE
from handgrad.lab.service import Lab, LabSettings

from .conftest import MARKS, PASSWORD

LEVEL = "/api/levels/fully-connected"
JSON = {"Content-Type": "application/json"}


def problem_response(reply):
    words = reply.json()["error"]
    assert words["zh"] != words["en"]
    return words


@pytest.mark.parametrize("address", [f"{LEVEL}/answers", f"{LEVEL}/shapes"])
def test_a_source_that_is_too_large(me, address):
    reply = me.post(address, json={"source": "x" * (MOST_SOURCE + 1)})
    assert reply.status_code == 413
    for words in problem_response(reply).values():
        assert "129 KB" in words
        assert "128 KB" in words


def test_a_source_that_is_too_large_in_bytes_says_how_large_and_stores_nothing(me):
    before = me.get(f"{LEVEL}/answers").json()
    for method, name in (("POST", "answers"), ("PUT", "draft")):
        reply = me.request(method, f"{LEVEL}/{name}", json={"source": "全" * (MOST_SOURCE // 2)})
        assert reply.status_code == 413
        assert "192 KB" in problem_response(reply)["zh"]
        assert "128 KB" in problem_response(reply)["en"]
    assert me.get(f"{LEVEL}/answers").json() == before


def test_the_largest_source_is_taken(me):
    source = "# " + "全" * ((MOST_SOURCE - 2) // 3)
    reply = me.post(f"{LEVEL}/answers", params={"wait": 30}, json={"source": source})
    assert [one["verdict"] for one in reply.json()] == ["error"]


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00\x01", b"{", b"[]", b"null", b'"source"', b'{"source": "\xff"}', b"\0" * 50,
     b'{"source": 1}', b'{"source": null}', b'{}', b'{"source": "x", "more": 1}',
     b'{"source": "\\ud800"}', b"NaN", b'{"source": ' + b"[" * 100_000],
)  # fmt: skip
def test_a_body_that_is_no_answer(me, content):
    before = me.get(f"{LEVEL}/answers").json()
    reply = me.post(f"{LEVEL}/answers", content=content, headers=JSON)
    assert reply.status_code in (400, 422)
    assert problem_response(reply)
    assert me.get(f"{LEVEL}/answers").json() == before


@pytest.mark.parametrize(
    ("source", "kind"),
    [("", "missing-class"), ("\0\1\2", "encoding-error"), ("\ufeff", "missing-class"),
     ("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "encoding-error"), (" " * 1000, "missing-class")],
)  # fmt: skip
def test_an_answer_that_is_empty_or_binary_is_judged_and_told_in_words(me, source, kind):
    reply = me.post(f"{LEVEL}/answers", params={"wait": 30}, json={"source": source})
    [verdict] = reply.json()
    assert (verdict["verdict"], verdict["kind"]) == ("error", kind)
    assert verdict["message"]["zh"] != verdict["message"]["en"]
    number = me.get(f"{LEVEL}/answers").json()["answers"][0]["answer"]
    assert me.get(f"/api/answers/{number}").json()["source"] == source


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "9" * 30, "%00", "1e3"])
def test_numbers_of_answers_that_cannot_be(me, number):
    assert me.get(f"/api/answers/{number}").status_code in (404, 422)
    assert me.get(f"{LEVEL}/answers", params={"before": number}).status_code == 422


def test_a_page_stays_good_when_the_server_is_started_again(fresh):
    """The token of the page is of the database, not of the process."""
    with fresh() as lab, lab.client() as client:
        token, first = lab.lab.token("alone"), lab.lab.instance
        client.put(f"{LEVEL}/draft", json={"source": "typed"})
    with fresh() as lab, lab.client() as client:
        assert lab.lab.instance != first
        reply = client.put(
            f"{LEVEL}/draft",
            json={"source": "typed on", "base": 1},
            headers=MARKS | {"X-CSRF-Token": token},
        )
        assert reply.json() == {"revision": 2}


def test_a_session_stays_good_when_the_server_is_started_again(fresh):
    with fresh(is_class=True) as lab, lab.client() as client:
        body = {
            "code": lab.lab.invitations.invite_class().code, "name": "Ada", "password": PASSWORD,
        }  # fmt: skip
        client.post("/api/learners", json=body, headers=MARKS)
        cookies = dict(client.cookies)
    with fresh(is_class=True) as lab, lab.client(cookies=cookies) as client:
        assert client.get("/api/session").json()["learner"]["name"] == "Ada"


def test_a_page_of_another_database_is_told_that_it_is_stale(fresh, tmp_path):
    with fresh() as lab, lab.client() as client:
        reply = client.post(
            f"{LEVEL}/hints", json={}, headers=MARKS | {"X-CSRF-Token": "of yesterday"}
        )
        assert reply.status_code == 403
        assert "刷新" in problem_response(reply)["zh"]


def test_what_waited_when_the_server_ended_is_judged_when_it_is_back(fresh, course):
    source = course.level("fully-connected").solution
    with fresh(workers=1) as lab, lab.client() as client:
        lab.lab.queue.close()
        number = client.post(f"{LEVEL}/answers", json={"source": source}).json()["answer"]
        assert client.get(f"/api/answers/{number}").json()["state"] == "waiting"
        lab.lab.answers.lease(lab.lab.server_lock.holder)  # and it died while it judged
    with fresh() as lab, lab.client() as client:
        lab.lab.queue.wait_until_warm()
        event_seconds = 30
        for _ in range(event_seconds * 20):
            found = client.get(f"/api/answers/{number}").json()
            if found["state"] == "judged":
                break
            lab.lab.queue.wait_until_warm(0.05)
            time.sleep(0.05)
        assert [one["verdict"] for one in found["verdicts"]] == ["pass"]


def test_a_database_of_a_newer_handgrad_is_refused_and_left_alone(course, tmp_path):
    path = tmp_path / "lab.sqlite3"
    settings = LabSettings(course, f"sqlite:///{path}")
    Lab(settings).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError) as caught:
        Lab(settings)
    assert "9999" in caught.value.text.zh
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            ("9999",)
        ]
    connection.close()


@pytest.fixture
def full(fresh):
    """A lab whose database may not grow any more, and who can let it grow again."""
    with fresh() as lab:
        lab.lab.queue.wait_until_warm()

        def fill(connection, _record):
            cursor = connection.cursor()
            [pages] = cursor.execute("PRAGMA page_count").fetchone()
            cursor.execute(f"PRAGMA max_page_count = {pages}")
            cursor.close()

        engine = lab.lab.database.engine
        sa.event.listen(engine, "connect", fill)
        engine.dispose()

        def free():
            sa.event.remove(engine, "connect", fill)
            engine.dispose()

        yield lab, free


def test_a_full_disk_takes_nothing_says_so_and_goes_on_when_there_is_room(full, course):
    lab, free = full
    source = course.level("fully-connected").solution
    with lab.client() as client:
        large = source + "# " + "x" * 100_000
        for method, name in (("POST", "answers"), ("PUT", "draft")):
            reply = client.request(method, f"{LEVEL}/{name}", json={"source": large})
            assert reply.status_code == 507
            assert "磁盘" in problem_response(reply)["zh"]
            assert "disk" in problem_response(reply)["en"]
        assert client.get(f"{LEVEL}/answers").json()["answers"] == []
        assert client.get(f"{LEVEL}/draft").json() is None
        assert client.get("/").status_code == 200
        free()
        reply = client.post(f"{LEVEL}/answers", params={"wait": 30}, json={"source": large})
        assert [one["verdict"] for one in reply.json()] == ["pass"]


def test_a_verdict_that_finds_the_disk_full_is_stored_when_there_is_room(
    fresh, course, monkeypatch
):
    source = course.level("fully-connected").solution
    with fresh(workers=1) as lab, lab.client() as client:
        lab.lab.queue.wait_until_warm()
        decide, failures = lab.lab.answers.decide, []

        def full_at_first(*arguments):
            if len(failures) < 2:
                failures.append(1)
                raise sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full"))
            return decide(*arguments)

        monkeypatch.setattr(lab.lab.answers, "decide", full_at_first)
        reply = client.post(f"{LEVEL}/answers", params={"wait": 30}, json={"source": source})
        assert [one["verdict"] for one in reply.json()] == ["pass"]
        assert len(failures) == 2


def test_a_store_that_is_away_is_told_and_comes_back(fresh, monkeypatch):
    with fresh() as lab, lab.client() as client:

        def away(*_):
            raise sa.exc.OperationalError("SELECT", {}, Exception("connection refused"))

        with monkeypatch.context() as patched:
            patched.setattr(lab.lab.progress_store, "progress", away)
            reply = client.get("/api/levels")
            assert reply.status_code == 503
            assert int(reply.headers["retry-after"]) > 0
            assert "refused" not in json.dumps(problem_response(reply))
            page = client.get("/")
            assert page.status_code == 503
            assert "text/html" in page.headers["content-type"]
        assert client.get("/api/levels").status_code == 200


def test_a_failure_of_our_own_is_told_as_such(fresh, monkeypatch, caplog):
    with fresh() as lab, lab.client() as client:

        def broken(*_):
            raise ZeroDivisionError("a secret of ours")

        monkeypatch.setattr(lab.lab.progress_store, "progress", broken)
        reply = client.get("/api/levels")
        assert reply.status_code == 500
        assert "secret" not in reply.text
        assert problem_response(reply)
        assert "secret" in caplog.text  # whoever runs it sees what failed


@pytest.mark.parametrize("base", [True, "1", 1.5, [1], -1, 0, 2**40])
def test_a_revision_is_a_number_and_nothing_that_looks_like_one(me, base):
    reply = me.put(f"{LEVEL}/draft", json={"source": "x", "base": base})
    assert reply.status_code == 422
    assert "base" in problem_response(reply)["zh"]
