"""Nobody is asked faster than they can: each learner has a pace of their own."""

from types import SimpleNamespace

import pytest

from handgrad.lab.rate_limit import RateLimit, TokenBuckets
from handgrad.lab.service import MOST_WAITING

LEVEL = "/api/levels/fully-connected"


@pytest.fixture
def slow(school):
    """Every pace is soon used up."""
    before = school.lab.rate_limits
    narrow = TokenBuckets(RateLimit(3, 0.01))
    wide = TokenBuckets(RateLimit(1000, 1000))

    def set_pace(name):
        rate_limits = dict.fromkeys(vars(before), wide) | {name: narrow}
        school.lab.rate_limits = SimpleNamespace(**rate_limits)

    yield set_pace
    school.lab.rate_limits = before


@pytest.mark.parametrize(
    ("pace", "method", "address", "body"),
    [
        ("answers", "POST", f"{LEVEL}/answers", {"source": "x = 1"}),
        ("shapes", "POST", f"{LEVEL}/shapes", {"source": "x = 1"}),
        ("changes", "PUT", f"{LEVEL}/draft", {"source": "x = 1"}),
        ("changes", "POST", f"{LEVEL}/hints", {}),
        ("reading", "GET", "/api/levels", None),
        ("reading", "GET", "/levels/fully-connected", None),
    ],
)
def test_a_learner_who_is_too_fast_waits_and_no_other(
    signed_in, slow, school, pace, method, address, body
):
    slow(pace)
    ada, bo = signed_in("Ada"), signed_in("Bo")
    statuses = [ada.request(method, address, json=body).status_code for _ in range(3)]
    assert all(status < 300 for status in statuses)
    refused = ada.request(method, address, json=body)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.headers["retry-after"] in refused.text
    assert bo.request(method, address, json=body).status_code < 300
    waited = school.lab.queue
    assert waited.workers >= 2


def test_one_learner_does_not_fill_the_queue(signed_in, school):
    cy = signed_in("Cy")
    spin = "class FullyConnected:\n    while True: pass\n"
    statuses = [
        cy.post(f"{LEVEL}/answers", json={"source": spin}).status_code
        for _ in range(MOST_WAITING + 3)
    ]
    assert statuses[:MOST_WAITING] == [202] * MOST_WAITING
    assert 429 in statuses[MOST_WAITING:]
    # and meanwhile somebody else's answer is judged before all that
    di = signed_in("Di")
    source = school.lab.course.level("fully-connected").solution
    reply = di.post(f"{LEVEL}/answers", params={"wait": 30}, json={"source": source})
    assert [one["verdict"] for one in reply.json()] == ["pass"]
    assert school.lab.answers.waiting(school.lab.learners.named("Cy")[0].number) > 0
