"""Each sees their own work; names and passwords are not found out; sessions are on the server."""

import asyncio

import httpx
import pytest

from handgrad.lab.app import create_app
from handgrad.lab.learner_routes import NOT_SIGNED_IN
from handgrad.lab.rate_limit import RateLimit, TokenBuckets
from handgrad.lab.service import Lab, LabSettings, RateLimits

from .conftest import MARKS, PASSWORD

LEVEL = "/api/levels/activations"


@pytest.fixture(autouse=True)
def unhurried(school):
    """Tries of earlier tests do not count in later ones."""
    school.lab.rate_limits = RateLimits(is_class=True)


def sign_in(client, name, password):
    return client.post("/api/session", json={"name": name, "password": password}, headers=MARKS)


def test_nobody_reads_or_changes_the_work_of_another(signed_in, school):
    ada, bo = signed_in("Ada"), signed_in("Bo")
    number = ada.post(f"{LEVEL}/answers", json={"source": "# ada's own"}).json()["answer"]
    ada.put(f"{LEVEL}/draft", json={"source": "# ada's draft"})
    ada.post(f"{LEVEL}/hints", json={})
    assert ada.get(f"/api/answers/{number}").status_code == 200
    assert bo.get(f"/api/answers/{number}").status_code == 404
    missing = bo.get(f"/api/answers/{number + 10_000}")
    assert bo.get(f"/api/answers/{number}").json() == missing.json()  # not even that it exists
    assert bo.get(f"{LEVEL}/answers").json()["answers"] == []
    assert bo.get(f"{LEVEL}/draft").json() is None
    assert bo.get(LEVEL).json()["hints"]["shown"] == []
    for address in ("/", "/levels/activations"):
        assert "ada's" not in bo.get(address).text
    noether = signed_in("Noether")  # a teacher sees who passed what, not what they wrote
    assert noether.get(f"/api/answers/{number}").status_code == 404


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/api/levels"), ("GET", LEVEL), ("GET", f"{LEVEL}/draft"),
        ("PUT", f"{LEVEL}/draft"), ("POST", f"{LEVEL}/answers"), ("GET", f"{LEVEL}/answers"),
        ("POST", f"{LEVEL}/hints"), ("POST", f"{LEVEL}/shapes"), ("GET", "/api/answers/1"),
        ("GET", "/api/class"), ("POST", "/api/class/invitations"),
        ("POST", "/api/class/learners/Ada/password"), ("DELETE", "/api/class/learners/Ada"),
    ],
)  # fmt: skip
def test_without_a_session_nothing_is_told(school, method, address):
    with school.client() as client:
        body = None if method == "GET" else {"source": "x"}
        for cookie in ({}, {"Cookie": "handgrad_session=made-up"}, {"Cookie": "handgrad_session="}):
            headers = MARKS | cookie
            assert client.request(method, address, json=body, headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/api/class"), ("POST", "/api/class/invitations"),
        ("POST", "/api/class/learners/Noether/password"), ("DELETE", "/api/class/learners/Noether"),
        ("GET", "/class"),
    ],
)  # fmt: skip
def test_a_learner_is_no_teacher(signed_in, method, address):
    body = None if method == "GET" else {}
    assert signed_in("Ada").request(method, address, json=body).status_code == 403


def test_pages_send_a_stranger_to_sign_in(school):
    with school.client() as client:
        for address in ("/", "/levels/activations", "/class"):
            reply = client.get(address)
            assert reply.status_code == 303
            assert reply.headers["location"].startswith("/sign-in")


def test_the_cookie_is_the_browsers_alone(school, signed_in):
    signed_in("Ada")
    with school.client() as client:
        reply = sign_in(client, "Ada", PASSWORD)
        assert reply.status_code == 200
        cookie = reply.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "Path=/" in cookie
        assert "Secure" not in cookie  # this lab is asked by http
        assert PASSWORD not in reply.text


def test_by_https_the_cookie_goes_nowhere_else(course, tmp_path):
    """Behind a proxy that says so."""
    lab = Lab(LabSettings(course, f"sqlite:///{tmp_path / 'lab.sqlite3'}", is_class=True))
    code = lab.invitations.invite_class().code

    async def join():
        transport = httpx.ASGITransport(create_app(lab))
        async with httpx.AsyncClient(transport=transport, base_url="https://localhost") as client:
            body = {"code": code, "name": "Ada", "password": PASSWORD}
            return await client.post("/api/learners", json=body)

    reply = asyncio.run(join())
    lab.close()
    assert reply.status_code == 201
    assert "Secure" in reply.headers["set-cookie"]


def test_each_signing_in_is_a_session_of_its_own(school, signed_in):
    signed_in("Ada")
    with school.client() as client:
        sign_in(client, "Ada", PASSWORD)
        first = client.cookies["handgrad_session"]
        sign_in(client, "Ada", PASSWORD)
        second = client.cookies["handgrad_session"]
        assert first != second
        assert school.lab.sessions.learner(first) is None  # an old one cannot be put to use again
        token = {"X-CSRF-Token": school.lab.token(second)}
        out = client.request("DELETE", "/api/session", json={}, headers=MARKS | token)
        assert out.json() == {"learner": None}
        assert school.lab.sessions.learner(second) is None
        assert client.get("/api/session").json()["learner"] is None


@pytest.mark.parametrize("token", [None, "", "0" * 64, "of Bo"])
def test_a_request_with_a_cookie_needs_the_token_of_its_own_session(signed_in, school, token):
    ada, bo = signed_in("Ada"), signed_in("Bo")
    if token == "of Bo":
        token = bo.headers["X-CSRF-Token"]
    del ada.headers["X-CSRF-Token"]
    headers = {} if token is None else {"X-CSRF-Token": token}
    for method, address, body in (
        ("PUT", f"{LEVEL}/draft", {"source": "stolen"}),
        ("POST", f"{LEVEL}/answers", {"source": "stolen"}),
        ("DELETE", "/api/session", {}),
    ):
        assert ada.request(method, address, json=body, headers=headers).status_code == 403
    assert "stolen" not in str(ada.get(f"{LEVEL}/draft").json())
    assert school.lab.sessions.learner(ada.cookies["handgrad_session"]) is not None


def test_an_unknown_name_and_a_wrong_password_look_the_same(school, signed_in, monkeypatch):
    """The same words, the same status, and the same work: a password is checked in both cases."""
    signed_in("Ada")
    checked = []
    right = school.lab.passwords.is_right
    monkeypatch.setattr(
        school.lab.passwords, "is_right",
        lambda known, password: checked.append(known is None) or right(known, password),
    )  # fmt: skip
    with school.client() as client:
        unknown = sign_in(client, "Nobody Of That Name", PASSWORD)
        wrong = sign_in(client, "Ada", "wrong password")
    assert checked == [True, False]
    assert unknown.status_code == wrong.status_code == 401
    assert unknown.content == wrong.content
    assert unknown.json()["error"] == NOT_SIGNED_IN.to_json()
    assert set(unknown.headers) == set(wrong.headers)
    assert "set-cookie" not in wrong.headers


@pytest.mark.parametrize("name", ["Ada", "Nobody Of That Name"])
def test_guessing_is_slowed_down_whether_there_is_such_a_name_or_not(school, signed_in, name):
    signed_in("Ada")
    with school.client() as client:
        statuses = [sign_in(client, name, f"guess {n}").status_code for n in range(10)]
        assert statuses[:8] == [401] * 8
        assert statuses[8:] == [429] * 2
        assert sign_in(client, name.upper(), PASSWORD).status_code == 429  # another spelling
        assert sign_in(client, "Noether", PASSWORD).status_code == 200  # another learner may


def test_guessing_many_names_from_one_address_is_slowed_down(school):
    school.lab.rate_limits.addresses = TokenBuckets(RateLimit(3, 0.01))
    with school.client() as client:
        statuses = [sign_in(client, f"Guess {n}", PASSWORD).status_code for n in range(4)]
        assert statuses == [401, 401, 401, 429]


def test_a_right_password_forgives_the_wrong_ones(school, signed_in):
    signed_in("Ada")
    with school.client() as client:
        for _ in range(2):
            for n in range(6):
                assert sign_in(client, "Ada", f"guess {n}").status_code == 401
            assert sign_in(client, "Ada", PASSWORD).status_code == 200


def test_codes_of_invitations_are_not_guessed(school):
    with school.client() as client:
        body = {"code": "guess", "name": "Eve", "password": PASSWORD}
        statuses = [
            client.post("/api/learners", json=body, headers=MARKS).status_code for _ in range(61)
        ]
        assert set(statuses[:-1]) == {422}
        assert statuses[-1] == 429
    assert school.lab.learners.named("Eve") is None


def test_a_short_password_is_refused_and_nobody_joins(school):
    code = school.lab.invitations.invite_class(1).code
    with school.client() as client:
        body = {"code": code, "name": "Shorty", "password": "1234567"}
        reply = client.post("/api/learners", json=body, headers=MARKS)
        assert reply.status_code == 422
        assert "8" in reply.json()["error"]["zh"]
    assert school.lab.invitations.is_good(code)


def test_the_cookie_of_a_removed_learner_is_good_for_nothing(school, signed_in):
    gone = signed_in("Gone")
    gone.put(f"{LEVEL}/draft", json={"source": "x"})
    noether = signed_in("Noether")
    assert noether.request("DELETE", "/api/class/learners/Gone", json={}).status_code == 200
    reply = gone.get("/api/levels")
    assert reply.status_code == 401
    assert "登录" in reply.json()["error"]["zh"]
    assert gone.get("/").status_code == 303
    assert gone.get("/sign-in").status_code == 200
    again = signed_in("Gone")  # somebody new of the same name
    assert again.get(f"{LEVEL}/draft").json() is None


def test_passwords_are_stored_as_argon2id_and_told_nowhere(school, signed_in):
    signed_in("Ada")
    _, known = school.lab.learners.named("Ada")
    assert known.startswith("$argon2id$")
    noether = signed_in("Noether")
    assert "argon2" not in noether.get("/api/class").text


def test_a_lab_of_one_has_no_logins_to_guess(alone):
    with alone.client() as client:
        assert sign_in(client, "me", "").status_code == 404
        body = {"code": "x", "name": "Eve", "password": PASSWORD}
        assert client.post("/api/learners", json=body).status_code == 404
        assert client.get("/api/class").status_code == 403
