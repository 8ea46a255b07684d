"""What requests bring and replies hold: the description that ``/api/openapi.json`` gives.

The replies are described, not validated again: they are made by this very package, and the tests
compare them with what is written here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MOST_SOURCE = 128 * 1024
"""Bytes of UTF-8: a hundred times what a level needs."""
MOST_NAME = 200
MOST_PASSWORD = 500
LARGEST_NUMBER = 2**63 - 1


def _encodable(text: str) -> str:
    """Half of a surrogate pair is no character: nothing that is typed or pasted holds one."""
    text.encode("utf-8")
    return text


Typed = Annotated[str, AfterValidator(_encodable)]
Number = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]


class Request(BaseModel):
    """What every request's body keeps to."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Nothing(Request):
    """A request that needs no more than its address."""


class Source(Request):
    """What a learner has written."""

    source: Typed = Field(
        description="Python source; at most 128 KiB as UTF-8.", max_length=MOST_SOURCE
    )


class DraftIn(Source):
    """What a learner has typed, and the revision of the draft that they began from."""

    base: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        default=None, description="The revision typed upon; null when there was no draft."
    )


class SignIn(Request):
    """A name and its password."""

    name: Typed = Field(max_length=MOST_NAME)
    password: Typed = Field(max_length=MOST_PASSWORD)


class Joining(SignIn):
    """An invitation's code, and who joins with it."""

    code: Typed = Field(max_length=MOST_NAME)


class InvitationIn(Request):
    """What kind of invitation is wanted."""

    left: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        default=None, description="How often it can be used; null for any number of times."
    )


class Words(BaseModel):
    """One text in every language."""

    zh: str
    en: str


class Error(BaseModel):
    """What went wrong, and what to do."""

    error: Words


class LevelInShort(BaseModel):
    """A level as the map shows it."""

    level: str
    title: Words
    summary: Words
    classes: list[str]
    needs: list[str] = Field(description="The levels that come before it.")
    open: bool = Field(description="Whether all it needs is passed; advice, not a lock.")
    passed: bool
    passed_classes: list[str]
    revision: str
    answers: int


class Levels(BaseModel):
    """The course map."""

    levels: list[LevelInShort]


class Hints(BaseModel):
    """How many hints there are, and those that were shown, as HTML."""

    count: int
    shown: list[Words]


class DraftOut(BaseModel):
    """A draft as it was saved."""

    source: str
    revision: int


class Revision(BaseModel):
    """The revision that a draft now has."""

    revision: int


class LevelInFull(LevelInShort):
    """A level with all that its page shows. The statement and the hints are HTML."""

    template: str
    statement: Words
    hints: Hints
    draft: DraftOut | None


class HandedIn(BaseModel):
    """An answer that waits to be judged."""

    answer: int
    address: str


class VerdictOut(BaseModel):
    """A verdict, field for field as ``handgrad judge --json`` prints it; see the guide."""

    model_config = ConfigDict(extra="allow")

    file: str
    level: str
    level_revision: str
    class_: str = Field(alias="class")
    verdict: Literal[
        "judge-error", "forbidden", "time-limit", "memory-limit", "output-limit", "error",
        "wrong", "pass",
    ]  # fmt: skip
    kind: str | None
    line: int | None
    column: int | None
    mistakes: list[dict[str, Any]]
    computed: dict[str, str]
    counterexample: dict[str, Any] | None
    first_difference: dict[str, Any] | None
    warnings: list[str]
    cases: dict[str, int]
    seed: int
    excludes: dict[str, Any] | None
    printed: str
    milliseconds: float
    isolation: int
    handgrad: str
    message: Words
    source_line: str | None
    case_list: list[dict[str, Any]]
    error_maps: list[dict[str, Any]]


class ShortVerdict(BaseModel):
    """What the history shows of a verdict."""

    class_: str = Field(alias="class")
    verdict: str
    kind: str | None
    mistakes: list[str]


State = Literal["waiting", "judging", "judged"]


class HistoryEntry(BaseModel):
    """One answer in the history."""

    answer: int
    submitted_at: str
    state: State
    verdicts: list[ShortVerdict]


class History(BaseModel):
    """A learner's answers to a level, newest first, and the address of the next page."""

    answers: list[HistoryEntry]
    next: str | None


class AnswerOut(BaseModel):
    """An answer, with its verdicts once it is judged."""

    answer: int
    level: str
    state: State
    submitted_at: str
    source: str
    verdicts: list[VerdictOut]


class Shapes(BaseModel):
    """The shape of every intermediate of a draft, line by line."""

    model_config = ConfigDict(extra="allow")

    lines: list[dict[str, Any]]
    case: Words
    stopped: dict[str, Any] | None
    milliseconds: float


class Person(BaseModel):
    """Who is signed in."""

    name: str
    teacher: bool


class SessionOut(BaseModel):
    """Who is there, and what this lab can do."""

    learner: Person | None
    class_: bool = Field(alias="class", description="Whether several learners sign in.")
    isolation: int
    judges: bool
    notice: Words | None
    handgrad: str
    instance: str = Field(description="Changes whenever the server is started.")


class Signed(BaseModel):
    """Who is signed in now."""

    learner: Person | None


class Member(BaseModel):
    """A learner on the teacher's page."""

    name: str
    teacher: bool
    joined_at: str
    seen_at: str | None
    passed: list[str]
    answers: int


class InvitationOut(BaseModel):
    """An invitation that can still be used."""

    code: str
    address: str
    left: int | None
    expires_at: str


class ClassOut(BaseModel):
    """The class."""

    learners: list[Member]
    invitations: list[InvitationOut]


class NewPassword(BaseModel):
    """A new password to be handed over; it is shown this once."""

    password: str


class Removed(BaseModel):
    """Who was removed, with all that was theirs."""

    removed: str


def replies(*statuses: int, **models: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """The replies of a route for its description: errors by status, others as ``s200=Model``."""
    told: dict[int | str, dict[str, Any]] = {
        status: {"model": Error, "description": MEANINGS[status]} for status in statuses
    }
    for name, model in models.items():
        status = int(name[1:])
        told[status] = {"model": model, "description": (model.__doc__ or "").splitlines()[0]}
    return told


MEANINGS = {
    400: "The request cannot be read.",
    401: "Nobody is signed in.",
    403: "This may not be done, or the page is stale.",
    404: "There is no such thing, or it is somebody else's.",
    409: "Somebody was faster.",
    413: "Too large.",
    415: "The body must be JSON.",
    422: "Something in the request is not as it must be.",
    429: "Too fast: Retry-After says how many seconds to wait.",
    503: "This lab does not judge now; the text says why.",
}
