"""The interface is what ``/api/openapi.json`` says it is: asked with whatever that description allows, and
with what it does not, it answers as described and never fails.
"""

import copy
from types import SimpleNamespace

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from handgrad.lab.rate_limit import RateLimit, TokenBuckets

SETTINGS = settings(
    max_examples=12,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
OPERATIONS = [
    ("get", "/api/levels"),
    ("get", "/api/levels/{level}"),
    ("post", "/api/levels/{level}/hints"),
    ("get", "/api/levels/{level}/draft"),
    ("put", "/api/levels/{level}/draft"),
    ("post", "/api/levels/{level}/shapes"),
    ("post", "/api/levels/{level}/answers"),
    ("get", "/api/levels/{level}/answers"),
    ("get", "/api/answers/{answer}"),
    ("get", "/api/session"),
    ("post", "/api/session"),
    ("delete", "/api/session"),
    ("post", "/api/learners"),
    ("get", "/api/class"),
    ("post", "/api/class/invitations"),
    ("post", "/api/class/learners/{name}/password"),
    ("delete", "/api/class/learners/{name}"),
]


@pytest.fixture(scope="module", autouse=True)
def nobody_judges(alone, school):
    """Answers wait: Hypothesis reads this file's syntax tree, which Python 3.11 cannot do on two threads."""
    for lab in (alone.lab, school.lab):
        lab.queue.wait_until_warm()
        lab.queue.close()


@pytest.fixture(scope="module")
def description(alone):
    with alone.client() as client:
        return client.get("/api/openapi.json").json()


def test_every_route_is_described_and_no_other(description):
    described = {
        (method, path) for path, methods in description["paths"].items() for method in methods
    }
    assert described == set(OPERATIONS)


def test_every_operation_says_what_it_does_and_what_may_come_back(description):
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (method, path)
            assert operation.get("description"), (method, path)
            for status, reply in operation["responses"].items():
                assert reply["description"], (method, path, status)
                schema = reply["content"]["application/json"]["schema"]
                assert schema, (method, path, status)
            if "{level}" in path:
                assert {"401", "404", "422", "429"} <= set(operation["responses"])
            if method != "get":
                assert {"403", "415"} <= set(operation["responses"])


@pytest.fixture
def unhurried(school, alone):
    """Nobody is too fast: what is asked here is what the answers are."""
    wide = TokenBuckets(RateLimit(1e9, 1e9))
    before = school.lab.rate_limits, alone.lab.rate_limits
    every = SimpleNamespace(**dict.fromkeys(vars(before[0]), wide))
    school.lab.rate_limits = alone.lab.rate_limits = every
    yield
    school.lab.rate_limits, alone.lab.rate_limits = before


WITH_BODY = [
    ("put", "/api/levels/{level}/draft"),
    ("post", "/api/levels/{level}/shapes"),
    ("post", "/api/levels/{level}/answers"),
    ("post", "/api/session"),
    ("post", "/api/learners"),
    ("post", "/api/class/invitations"),
]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("whom", ["a script alone", "a teacher", "nobody"])
def test_it_answers_as_described(method, path, whom, asked_by):
    if (whom, method, path) == ("a teacher", "delete", "/api/session"):
        return  # it would sign out whoever asks everything else
    asked_by(whom)(method, path, GenerationMode.POSITIVE)


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
def test_what_the_description_does_not_allow_is_refused_as_described(method, path, asked_by):
    whom = "a script alone" if "levels" in path else "a teacher"
    statuses = asked_by(whom)(method, path, GenerationMode.NEGATIVE)
    assert statuses <= {400, 404, 413, 415, 422}


@pytest.fixture
def asked_by(alone, school, signed_in, unhurried, description):
    """Asks an operation whatever its description allows, or does not; the statuses that came."""

    def asker(whom):
        lab, marks, cookies = (alone if whom == "a script alone" else school), {}, {}
        if whom == "a teacher":
            noether = signed_in("Noether")
            marks = {name: noether.headers[name] for name in ("x-handgrad", "x-csrf-token")}
            cookies = dict(noether.cookies)

        def ask(method, path, mode):
            schema = schemathesis.openapi.from_dict(copy.deepcopy(description))
            schema.config.update(base_url=lab.address)
            operation, statuses = schema[path][method.upper()], set()

            @SETTINGS
            @given(case=operation.as_strategy(generation_mode=mode), is_there=st.booleans())
            def once(case, is_there):
                if mode is GenerationMode.POSITIVE:
                    case.query.pop("wait", None)  # nobody waits for what is only an example
                    if is_there and "level" in case.path_parameters:
                        case.path_parameters["level"] = "fully-connected"
                reply = case.call(headers=marks, cookies=cookies, timeout=30)
                case.validate_response(reply, checks=CHECKS)
                statuses.add(reply.status_code)

            once()
            return statuses

        return ask

    return asker
