"""A class from its first start: the teacher's link, invitations, joining, a forgotten password."""

from argon2 import PasswordHasher

from .conftest import MARKS, PASSWORD


def join(client, code, name):
    body = {"code": code, "name": name, "password": PASSWORD}
    return client.post("/api/learners", json=body, headers=MARKS)


def with_token(lab, client):
    return MARKS | {"X-CSRF-Token": lab.lab.token(client.cookies["handgrad_session"])}


def test_a_class_begins_learns_and_is_seen_by_its_teacher(fresh, course):
    with fresh(is_class=True) as lab, lab.client() as teacher, lab.client() as ada:
        code = lab.lab.invitations.invite_teacher()
        assert join(teacher, code, "Noether").json() == {
            "learner": {"name": "Noether", "teacher": True}
        }
        with lab.client() as late:
            assert join(late, code, "Eve").status_code == 422  # the link works once
        marks = with_token(lab, teacher)
        invitation = teacher.post("/api/class/invitations", json={}, headers=marks).json()
        assert invitation["address"] == f"/join?code={invitation['code']}"
        assert ada.get(invitation["address"]).status_code == 200
        assert join(ada, invitation["code"], "Ada").status_code == 201
        reply = ada.post(
            "/api/levels/fully-connected/answers",
            params={"wait": 30},
            json={"source": course.level("fully-connected").solution},
            headers=with_token(lab, ada),
        )
        assert [one["verdict"] for one in reply.json()] == ["pass"]
        reply = teacher.get("/api/class").json()
        assert [(one["name"], one["teacher"]) for one in reply["learners"]] == [
            ("Ada", False), ("Noether", True),
        ]  # fmt: skip
        assert reply["learners"][0]["passed"] == ["fully-connected"]
        assert reply["learners"][0]["answers"] == 1
        assert reply["learners"][0]["seen_at"] is not None
        assert [one["code"] for one in reply["invitations"]] == [invitation["code"]]
        assert teacher.get("/class").status_code == 200


def test_a_forgotten_password_is_replaced_by_the_teacher(school, signed_in):
    signed_in("Ada")
    noether = signed_in("Noether")
    with school.client() as ada:
        body = {"name": "Ada", "password": PASSWORD}
        assert ada.post("/api/session", json=body, headers=MARKS).status_code == 200
        new = noether.post("/api/class/learners/ada/password", json={}).json()["password"]
        assert ada.get("/api/levels").status_code == 401  # signed out everywhere
        assert ada.post("/api/session", json=body, headers=MARKS).status_code == 401
        body["password"] = new
        assert ada.post("/api/session", json=body, headers=MARKS).status_code == 200
    missing = noether.post("/api/class/learners/Nobody/password", json={})
    assert missing.status_code == 404


def test_a_teacher_does_not_remove_themselves(signed_in):
    noether = signed_in("Noether")
    assert noether.request("DELETE", "/api/class/learners/noether", json={}).status_code == 403


def test_an_old_hash_is_replaced_by_a_stronger_one_when_its_owner_signs_in(school, signed_in):
    signed_in("Old")
    learner, _ = school.lab.learners.named("Old")
    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    school.lab.learners.set_password(learner, weak)
    with school.client() as client:
        body = {"name": "Old", "password": PASSWORD}
        assert client.post("/api/session", json=body, headers=MARKS).status_code == 200
        _, known = school.lab.learners.named("Old")
        assert known != weak
        assert client.get("/api/levels").status_code == 200
        assert client.post("/api/session", json=body, headers=MARKS).status_code == 200
