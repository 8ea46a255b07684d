"""Below isolation level 2 nobody's code but the user's own is judged, and it is said why."""

import pytest

from handgrad.errors import UsageError
from handgrad.lab.service import Lab, LabSettings
from handgrad.sandbox import NOT_RUNNING, Pool
from handgrad.sandbox.isolation import ONLY_A_PROCESS

LEVEL = "/api/levels/fully-connected"


class WeakPool(Pool):
    """A pool on a machine without the kernel's isolation layers."""

    isolation = ONLY_A_PROCESS


class NoPool(Pool):
    """A pool on a machine where no process can be started."""

    isolation = NOT_RUNNING


def test_a_class_is_refused_clearly_and_nothing_is_run(fresh):
    with fresh(WeakPool(expected=0), is_class=True) as lab, lab.client() as client:
        found = lab.lab.invitations
        for name, code in (("T", found.invite_teacher()), ("L", found.invite_class().code)):
            learner = found.join(code, name, "no hash")
            secret = lab.lab.sessions.begin(learner)
            headers = {
                "Cookie": f"handgrad_session={secret}", "X-Handgrad": "1",
                "X-CSRF-Token": lab.lab.token(secret),
            }  # fmt: skip
            for address in (f"{LEVEL}/answers?wait=5", f"{LEVEL}/shapes"):
                reply = client.post(address, json={"source": "x"}, headers=headers)
                assert reply.status_code == 503
                for words in reply.json()["error"].values():
                    assert "1" in words
                assert ONLY_A_PROCESS.reason.zh in reply.json()["error"]["zh"]
            assert client.get(f"{LEVEL}/answers", headers=headers).json()["answers"] == []
            session = client.get("/api/session", headers=headers).json()
            assert session["judges"] is False
            assert session["isolation"] == 1
            assert ONLY_A_PROCESS.remedy.en in session["notice"]["en"]


def test_what_waited_from_better_days_is_not_run_either(fresh):
    """An answer stored while the isolation held, and the lab restarted without it."""
    with fresh(is_class=True, workers=1) as lab:
        learner = lab.lab.invitations.join(lab.lab.invitations.invite_class().code, "L", "no hash")
        lab.lab.queue.close()
        number = lab.lab.answers.add(learner.number, "fully-connected", b"print(1)").number
    with fresh(WeakPool(expected=0), is_class=True) as lab:
        lab.lab.queue.notify()
        assert lab.lab.answers.get(number, learner.number).state == "waiting"


def test_ones_own_code_is_judged_on_ones_own_machine(fresh, course):
    with fresh(WeakPool()) as lab, lab.client() as client:
        session = client.get("/api/session").json()
        assert session["judges"] is True
        assert "1" in session["notice"]["zh"]
        source = course.level("fully-connected").solution
        reply = client.post(f"{LEVEL}/answers", params={"wait": 30}, json={"source": source})
        assert [one["verdict"] for one in reply.json()] == ["pass"]


def test_nothing_listens_beyond_loopback(course, tmp_path):
    address = f"sqlite:///{tmp_path / 'lab.sqlite3'}"
    with pytest.raises(UsageError) as caught:
        Lab(LabSettings(course, address, is_class=True, is_local=False), WeakPool(expected=0))
    assert "doctor" in caught.value.text.zh
    assert "--host 127.0.0.1" in caught.value.text.en


def test_where_no_process_can_be_started_nobody_is_judged(fresh):
    with fresh(NoPool(expected=0)) as lab, lab.client() as client:
        assert client.get("/api/session").json()["judges"] is False
        assert client.post(f"{LEVEL}/answers", json={"source": "x"}).status_code == 503
