"""Learners, sessions, invitations."""

import threading

import pytest
import sqlalchemy as sa

from handgrad.errors import UsageError
from handgrad.store import invitations as invitations_module
from handgrad.store import sessions as sessions_module
from handgrad.store.learners import valid_name
from handgrad.store.tables import answers as answers_table
from handgrad.store.tables import drafts
from handgrad.store.tables import learners as learners_table
from handgrad.store.tables import sessions as sessions_table


def test_the_one_learner_of_a_machine_is_made_once(learners):
    first = learners.alone()
    assert learners.alone() == first
    assert first.role == "alone"
    assert learners.named("me") is None  # nobody signs in as them
    assert learners.named("") is None


def test_a_name_is_found_in_any_case_and_width_and_taken_once(learners, invitations, ada):
    assert learners.named("ＡＤＡ ")[0] == ada
    code = invitations.invite_class().code
    with pytest.raises(UsageError) as caught:
        invitations.join(code, "ada", "hash")
    assert "ada" in caught.value.text.zh
    assert "taken" in caught.value.text.en
    assert learners.named("Nobody") is None


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "a\nb", "a\x00", "a\u202eb", "a/b", "\u200b"])
def test_names_that_cannot_be_are_refused(name):
    with pytest.raises(UsageError):
        valid_name(name)


@pytest.mark.parametrize("name", ["Ada", " 小明 ", "Åsa Ö", "x" * 40])
def test_names_in_any_script_are_taken(name):
    assert valid_name(name) == name.strip()


def test_an_invitation_is_used_as_often_as_it_says(invitations):
    once = invitations.invite_class(left=1)
    assert invitations.is_good(f" {once.code.upper()} ")
    invitations.join(once.code, "Ada", "hash")
    assert not invitations.is_good(once.code)
    with pytest.raises(UsageError):
        invitations.join(once.code, "Bo", "hash")


def test_of_many_who_use_one_link_at_once_one_becomes_the_teacher(invitations, learners):
    code, outcomes, barrier = invitations.invite_teacher(), [], threading.Barrier(6)

    def join(number):
        barrier.wait()
        try:
            outcomes.append(invitations.join(code, f"T{number}", "hash").role)
        except UsageError:
            outcomes.append("refused")

    threads = [threading.Thread(target=join, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 5 + ["teacher"]
    assert learners.is_any_teacher()


def test_a_name_that_is_taken_does_not_use_up_the_invitation(invitations, ada):
    once = invitations.invite_class(left=1)
    with pytest.raises(UsageError):
        invitations.join(once.code, "Ada", "hash")
    assert invitations.is_good(once.code)


def test_a_new_link_for_the_teacher_replaces_the_old_one(invitations, learners):
    old, new = invitations.invite_teacher(), invitations.invite_teacher()
    assert not invitations.is_good(old)
    assert invitations.is_good(new)
    assert not learners.is_any_teacher()
    assert invitations.of_class() == []  # a teacher's own link is shown to nobody


def test_invitations_end(invitations, monkeypatch):
    code = invitations.invite_class().code
    later = invitations_module.now() + invitations_module.LASTS + 1
    monkeypatch.setattr(invitations_module, "now", lambda: later)
    assert not invitations.is_good(code)
    assert invitations.of_class() == []


def test_there_are_not_any_number_of_invitations(invitations, monkeypatch):
    monkeypatch.setattr(invitations_module, "MOST", 2)
    invitations.invite_class()
    invitations.invite_class()
    with pytest.raises(UsageError):
        invitations.invite_class()


def test_a_session_holds_until_it_ends(sessions, ada, monkeypatch):
    secret = sessions.begin(ada)
    assert sessions.learner(secret) == ada
    assert sessions.learner("x" * 43) is None
    sessions.end(secret)
    assert sessions.learner(secret) is None
    secret = sessions.begin(ada)
    later = sessions_module.now() + sessions_module.LASTS + 1
    monkeypatch.setattr(sessions_module, "now", lambda: later)
    assert sessions.learner(secret) is None


def test_the_cookie_itself_is_nowhere_in_the_store(sessions, database, ada):
    secret = sessions.begin(ada)
    with database.reading() as connection:
        stored = connection.execute(sa.select(sessions_table)).one()
    assert secret not in map(str, stored)


def test_another_password_ends_every_session(sessions, learners, ada, bo):
    mine, other = sessions.begin(ada), sessions.begin(bo)
    learners.set_password(ada, "new hash")
    assert sessions.learner(mine) is None
    assert sessions.learner(other) == bo
    assert learners.named("Ada")[1] == "new hash"


def test_a_removed_learner_leaves_nothing_behind(
    sessions, learners, answers, progress_store, database, ada, bo
):
    secret = sessions.begin(ada)
    for who in (ada, bo):
        answers.add(who.number, "activations", b"x")
        progress_store.save_draft(who.number, "activations", "y", None)
    lease = answers.lease(1)
    learners.remove(ada)
    assert sessions.learner(secret) is None
    with database.reading() as connection:
        for table in (answers_table, drafts):
            assert connection.scalars(sa.select(table.c.learner)).all() == [bo.number]
    # its answer was being judged: the verdict has nowhere to go
    assert not answers.decide(lease, [])
    # and the number is not given to somebody else, who would find her sessions or answers
    with database.writing() as connection:
        number = connection.execute(
            learners_table.insert().returning(learners_table.c.id),
            {"name": "Cy", "key": "cy", "role": "learner", "joined_at": 0},
        ).scalar_one()
    assert number not in (ada.number, bo.number)


def test_the_class_is_listed_with_what_each_has_done(learners, answers, ada, bo):
    learners.alone()
    answers.add(ada.number, "activations", b"x")
    verdict = {"class": "Relu", "verdict": "pass", "kind": None, "mistakes": []}
    answers.decide(answers.lease(1), [verdict])
    learners.seen(ada.number)
    first, second = learners.members()
    assert (first.learner, first.answers) == (ada, 1)
    assert first.passed == {"activations": {"Relu"}}
    assert first.seen_at >= first.joined_at
    assert (second.learner, second.answers, second.seen_at) == (bo, 0, None)
