"""Other sites, other names, other forms of a request: nothing of that reaches the lab."""

import http.client
import socket

import pytest

from handgrad.lab.request_checks import LARGEST_BODY

LEVEL = "/api/levels/fully-connected"
CHANGES = [
    ("POST", f"{LEVEL}/answers", {"source": "x"}),
    ("POST", f"{LEVEL}/shapes", {"source": "x"}),
    ("POST", f"{LEVEL}/hints", {}),
    ("PUT", f"{LEVEL}/draft", {"source": "x"}),
]
"""What a learner may change."""


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.nip.io",
        "10.0.0.5",
        "",
        "[::1",
        "x" * 5000,
    ],
)
def test_dns_rebinding_reaches_nothing(alone, host):
    """A name of somebody else's that points to this machine; an address that is not loopback."""
    with alone.client() as client:
        for address in ("/", "/api/levels", "/static/x", "/api/openapi.json"):
            reply = client.get(address, headers={"Host": host})
            assert reply.status_code == 421, address
            assert "levels" not in reply.text or "error" in reply.text
        before = len(client.get(f"{LEVEL}/answers").json()["answers"])
        client.post(f"{LEVEL}/answers", headers={"Host": host}, json={"source": "x"})
        assert len(client.get(f"{LEVEL}/answers").json()["answers"]) == before


@pytest.mark.parametrize("host", ["localhost:8300", "127.0.0.1", "[::1]:9", "LOCALHOST"])
def test_our_own_names_are_answered(alone, host):
    with alone.client() as client:
        assert client.get("/api/session", headers={"Host": host}).status_code == 200


def test_a_class_is_asked_by_address_or_by_a_name_that_is_allowed(fresh):
    with fresh(is_class=True, names=("lab.school.example",)) as lab, lab.client() as client:
        for host, status in (
            ("lab.school.example", 200), ("192.168.1.7:8300", 200), (socket.gethostname(), 200),
            ("evil.example", 421),
        ):  # fmt: skip
            assert client.get("/api/session", headers={"Host": host}).status_code == status, host


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change[1].rpartition("/")[2])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=application/json"},
        {"Content-Type": ""},
        {"X-CSRF-Token": "of another page"},
        {"Cookie": "lang=zh"},
    ],
    ids=str,
)
def test_what_another_site_can_make_a_browser_send_changes_nothing(alone, change, headers):
    method, address, body = change
    with alone.client() as client:
        before = state(client)
        reply = client.request(method, address, json=body, headers=headers)
        assert reply.status_code in (403, 415)
        assert set(reply.json()["error"]) == {"zh", "en"}
        assert state(client) == before


def state(client):
    level = client.get(LEVEL).json()
    return level["answers"], level["hints"], level["draft"]


def test_our_own_pages_may(alone):
    with alone.client() as client:
        headers = {
            "Origin": alone.address, "Sec-Fetch-Site": "same-origin", "X-Handgrad": "1",
            "X-CSRF-Token": alone.lab.token("alone"), "Cookie": "lang=zh",
        }  # fmt: skip
        assert client.post(f"{LEVEL}/hints", json={}, headers=headers).status_code == 200


def test_no_other_site_may_read(alone):
    """No CORS header is ever given, and a preflight is refused."""
    with alone.client() as client:
        headers = {"Origin": "http://evil.example"}
        reply = client.get("/api/levels", headers=headers)
        assert not [name for name in reply.headers if name.startswith("access-control")]
        assert reply.headers["cross-origin-resource-policy"] == "same-origin"
        preflight = headers | {"Access-Control-Request-Method": "POST"}
        reply = client.options(f"{LEVEL}/answers", headers=preflight)
        assert reply.status_code == 405
        assert not [name for name in reply.headers if name.startswith("access-control")]


def test_every_reply_is_guarded(alone):
    with alone.client() as client:
        for address in ("/", "/nope", "/api/levels", "/api/nope", "/levels/fully-connected"):
            reply = client.get(address)
            assert reply.headers["x-content-type-options"] == "nosniff"
            assert reply.headers["x-frame-options"] == "DENY"
            assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
            assert reply.headers["cache-control"] == "no-store"


def test_a_page_runs_nothing_inline_and_loads_nothing_from_elsewhere(alone):
    with alone.client() as client:
        nonces = set()
        for address in ("/", "/levels/fully-connected", "/levels/nope"):
            reply = client.get(address)
            parts = reply.headers["content-security-policy"].split(";")
            policy = {words[0]: words[1:] for words in map(str.split, parts)}
            assert policy["default-src"] == ["'none'"]
            assert policy["script-src"] == ["'self'"]
            assert policy["connect-src"] == ["'self'"]
            assert policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
            [own, nonce] = policy["style-src"]
            assert own == "'self'"
            assert nonce.startswith("'nonce-")
            nonces.add(nonce)
            sources = [word for words in policy.values() for word in words]
            assert not [
                word for word in sources if "unsafe" in word or "http" in word or "*" in word
            ]
            assert " style=" not in reply.text.partition("<body")[0]
            assert " onclick=" not in reply.text
        assert len(nonces) == 3


@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "in chunks"])
def test_a_body_that_is_too_large_is_cut_off(alone, chunked):
    with alone.client() as client:
        size = LARGEST_BODY + 1
        content = (b"x" * 65536 for _ in range(size // 65536 + 1)) if chunked else b"x" * size
        reply = client.post(
            f"{LEVEL}/answers", content=content, headers={"Content-Type": "application/json"}
        )
        assert reply.status_code == 413
        assert "1024 KB" in reply.json()["error"]["zh"]


def test_a_body_that_never_comes_does_not_hold_the_others_up(alone):
    with connected(alone) as hanging:
        hanging.sendall(
            f"POST {LEVEL}/answers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            "Content-Length: 1000\r\n\r\n{".encode()
        )
        with alone.client() as client:
            assert client.get("/api/session").status_code == 200


def connected(alone):
    host, port = alone.address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)))


@pytest.mark.parametrize("method", ["TRACE", "PATCH", "CONNECT", "BREW"])
def test_other_methods_are_refused(alone, method):
    host = alone.address.removeprefix("http://")
    connection = http.client.HTTPConnection(host)
    connection.request(method, "/api/levels", headers={"Content-Type": "application/json"})
    assert connection.getresponse().status in (400, 403, 404, 405)
    connection.close()


def test_paths_do_not_lead_out_of_the_bundle(alone):
    host = alone.address.removeprefix("http://")
    for path in (
        "/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd",
        "/static/.vite/manifest.json", "/static/assets/../../app.py", "/static/\0",
    ):  # fmt: skip
        connection = http.client.HTTPConnection(host)
        connection.putrequest("GET", path.replace("\0", "%00"))
        connection.endheaders()
        assert connection.getresponse().status == 404, path
        connection.close()
