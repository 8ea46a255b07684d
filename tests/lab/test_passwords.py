"""Passwords: hashed, checked, drawn."""

import re

import pytest
from argon2 import PasswordHasher

from handgrad.errors import UsageError
from handgrad.lab.passwords import Passwords, drawn_password


@pytest.fixture
def passwords():
    return Passwords(PasswordHasher(time_cost=1, memory_cost=1024))


@pytest.mark.parametrize("password", ["correct horse", "密码密码密码密码", "        ", "x" * 500])
def test_a_password_is_right_and_another_is_not(passwords, password):
    known = passwords.hashed(password)
    assert password not in known
    assert passwords.is_right(known, password)
    assert not passwords.is_right(known, password + " ")
    assert passwords.hashed(password) != known  # salted


def test_nobodys_password_is_never_right(passwords):
    for password in ("", "x", "correct horse"):
        assert not passwords.is_right(None, password)


@pytest.mark.parametrize("known", ["", "no hash", "$argon2id$", "$argon2id$v=19$m=1,t=1,p=1$x$y"])
def test_a_broken_hash_lets_nobody_in(passwords, known):
    assert not passwords.is_right(known, "correct horse")


def test_a_short_password_is_refused(passwords):
    with pytest.raises(UsageError):
        passwords.hashed("1234567")


def test_a_weaker_hash_is_known():
    weak = Passwords(PasswordHasher(time_cost=1, memory_cost=1024)).hashed("correct horse")
    assert Passwords().needs_new_hash(weak)


def test_drawn_passwords_can_be_read_aloud():
    drawn = {drawn_password() for _ in range(100)}
    assert len(drawn) == 100
    assert all(re.fullmatch(r"([a-z2-9]{4}-){2}[a-z2-9]{4}", one) for one in drawn)
    assert not any(letter in "".join(drawn) for letter in "ilo01")
