"""Answers over HTTP: handed in, waited for, read again, listed."""

import threading
import time

import pytest

from handgrad.diagnosis.verdict import Verdict
from handgrad.lab.described_models import described_model

LEVEL = "/api/levels/fully-connected"


def judged(client, address, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = client.get(address).json()
        if found["state"] == "judged":
            return found
        time.sleep(0.02)
    raise AssertionError(found)


def test_a_script_posts_an_answer_and_asks_for_its_verdict(me, course):
    source = course.level("fully-connected").solution
    reply = me.post(f"{LEVEL}/answers", json={"source": source})
    assert reply.status_code == 202
    submission = reply.json()
    assert (
        submission["address"] == f"/api/answers/{submission['answer']}" == reply.headers["location"]
    )
    found = judged(me, submission["address"])
    assert found["source"] == source
    assert found["level"] == "fully-connected"
    [verdict] = found["verdicts"]
    assert verdict["verdict"] == "pass"
    described_model(Verdict).model_validate(verdict)


def test_with_wait_the_reply_is_the_list_of_verdicts(me, course):
    level = course.level("activations")
    reply = me.post(
        "/api/levels/activations/answers", params={"wait": 30}, json={"source": level.solution}
    )
    assert reply.status_code == 200
    assert [(one["class"], one["verdict"]) for one in reply.json()] == [
        ("Sigmoid", "pass"), ("Relu", "pass"),
    ]  # fmt: skip


def test_a_wrong_answer_is_named_with_what_a_page_draws(me, course):
    [planted] = [
        one
        for one in course.level("fully-connected").wrong_answers
        if one.path.name == "db_not_summed.py"
    ]
    reply = me.post(
        f"{LEVEL}/answers", params={"wait": 30}, json={"source": planted.source.decode()}
    )
    [verdict] = reply.json()
    assert [one["mistake"] for one in verdict["mistakes"]] == ["db-not-summed"]
    assert {one["array"] for one in verdict["error_maps"]} == {"db"}
    assert not all(one["holds"] for one in verdict["case_list"])


def test_the_level_counts_what_was_passed_and_the_next_one_opens(fresh, course):
    with fresh() as lab, lab.client() as client:
        before = {one["level"]: one for one in client.get("/api/levels").json()["levels"]}
        assert before["fully-connected"]["open"]
        assert not before["activations"]["open"]
        source = course.level("fully-connected").solution
        client.post(f"{LEVEL}/answers", params={"wait": 30}, json={"source": source})
        after = {one["level"]: one for one in client.get("/api/levels").json()["levels"]}
        assert after["fully-connected"]["passed"]
        assert after["fully-connected"]["passed_classes"] == ["FullyConnected"]
        assert after["fully-connected"]["answers"] == 1
        assert after["activations"]["open"]
        assert not after["three-layer-network"]["open"]


def test_who_does_not_wait_long_enough_gets_the_address(me):
    spin = "class FullyConnected:\n    while True: pass\n"
    reply = me.post(f"{LEVEL}/answers", params={"wait": 0.2}, json={"source": spin})
    assert reply.status_code == 202
    [verdict] = judged(me, reply.json()["address"])["verdicts"]
    assert verdict["verdict"] == "time-limit"


def test_the_history_goes_back_page_by_page(me):
    numbers = [
        me.post("/api/levels/activations/answers", json={"source": f"# {n}"}).json()["answer"]
        for n in range(25)
    ]
    seen, address = [], "/api/levels/activations/answers"
    while address is not None:
        page = me.get(address).json()
        seen += [one["answer"] for one in page["answers"]]
        address = page["next"]
    assert seen[:25] == numbers[::-1]
    assert seen == sorted(set(seen), reverse=True)
    judged(me, f"/api/answers/{numbers[-1]}")
    [newest, *_] = me.get("/api/levels/activations/answers").json()["answers"]
    assert {one["verdict"] for one in newest["verdicts"]} == {"error"}


@pytest.mark.parametrize("wait", ["-1", "61", "nan", "x", "1e400"])
def test_waits_that_cannot_be_are_refused(me, wait):
    reply = me.post(f"{LEVEL}/answers", params={"wait": wait}, json={"source": "x"})
    assert reply.status_code == 422
    assert "wait" in reply.json()["error"]["zh"]


def test_own_layers_serve_in_the_network(fresh, course):
    with fresh() as lab, lab.client() as client:
        for name in ("fully-connected", "activations", "three-layer-network"):
            source = course.level(name).solution.replace(
                "    def forward(self, x):\n",
                f"    def forward(self, x):\n        print({name!r})\n",
            )
            reply = client.post(
                f"/api/levels/{name}/answers", params={"wait": 30}, json={"source": source}
            )
            assert {one["verdict"] for one in reply.json()} == {"pass"}, name
        [verdict] = reply.json()
        assert "fully-connected" in verdict["printed"]
        assert "activations" in verdict["printed"]


def test_live_shapes_stand_beside_their_lines(me, course):
    level = course.level("fully-connected")
    reply = me.post(f"{LEVEL}/shapes", json={"source": level.solution})
    assert reply.status_code == 200
    lines = {one["line"]: one["text"] for one in reply.json()["lines"]}
    source = level.solution.splitlines()
    assert any("self.dW" in source[line - 1] and "dW" in text for line, text in lines.items())


def test_of_drafts_that_came_together_the_newest_is_followed(alone, course, monkeypatch):
    level, go = course.level("fully-connected"), threading.Event()
    followed = []

    class Slow:
        def shapes(self, _level, source):
            followed.append(source)
            go.wait(10)
            return original.shapes(level, source)

    original = alone.lab.shaper
    monkeypatch.setattr(alone.lab, "shaper", Slow())
    statuses = {}

    def ask(number):
        with alone.client() as client:
            body = {"source": level.solution + f"\n# {number}"}
            statuses[number] = client.post(f"{LEVEL}/shapes", json=body).status_code

    threads = []
    for number in range(6):
        threads.append(threading.Thread(target=ask, args=(number,)))
        threads[-1].start()
        deadline = time.monotonic() + 10
        while alone.lab.newest.get(1, 0) <= number and time.monotonic() < deadline:
            time.sleep(0.005)
    go.set()
    for thread in threads:
        thread.join()
    assert len(followed) < 6  # two were at work; of those that waited, only the newest ran
    assert statuses[5] == 200
    assert 409 in statuses.values()
    assert alone.lab.newest == {}


def test_where_nothing_may_run_no_shapes_are_told(me, alone, monkeypatch):
    monkeypatch.setattr(type(alone.lab), "judges", False)
    assert me.post(f"{LEVEL}/shapes", json={"source": "x"}).status_code == 503
