"""Passwords: hashed with Argon2id, checked in the same time whether there is such a name or not."""

from __future__ import annotations

import secrets
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from handgrad.errors import UsageError
from handgrad.languages import Text
from handgrad.store.invitations import LETTERS

SHORTEST = 8


class Passwords:
    """Hashes and checks passwords. Each takes about 64 MiB and a twentieth of a second: the caller
    limits how many at once.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()

    def hashed(self, password: str) -> str:
        """The salted hash of a password.

        Raises:
            UsageError: the password is too short.
        """
        if len(password) < SHORTEST:
            raise UsageError(TOO_SHORT.format(shortest=SHORTEST))
        return self._hasher.hash(password)

    def is_right(self, known: str | None, password: str) -> bool:
        """Whether a password is the one of that hash. Without a hash, nobody's is right, and finding
        that out takes as long.
        """
        try:
            return self._hasher.verify(known or self._nobodys, password) and known is not None
        except (VerificationError, InvalidHashError):
            return False

    def needs_new_hash(self, known: str) -> bool:
        """Whether a hash is weaker than those made now."""
        return self._hasher.check_needs_rehash(known)

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash(secrets.token_hex(16))


def drawn_password() -> str:
    """A password to be read aloud: three groups of four letters and digits, 2^59.

    >>> len(drawn_password())
    14
    """
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


TOO_SHORT = Text(
    zh="密码至少要有 {shortest} 个字符。",
    en="A password has at least {shortest} characters.",
)
