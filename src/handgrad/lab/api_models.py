"""The bodies of requests and replies, as ``/api/openapi.json`` describes them.

Replies are not validated when they are sent; tests compare them with these models. The types of the
pages follow from them: ``python tools/verdict_reference.py`` and ``npm --prefix web run generate``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from handgrad.diagnosis.verdict import Verdict
from handgrad.diagnosis.verdict_names import ErrorKind, VerdictName
from handgrad.lab.described_models import AsDescribed, NestedValue
from handgrad.languages import Text
from handgrad.store.answers import AnswerState

MOST_SOURCE = 128 * 1024
"""Bytes of UTF-8: a hundred times what a level needs."""
MOST_NAME = 200
MOST_PASSWORD = 500
LARGEST_NUMBER = 2**63 - 1


def _encodable(text: str) -> str:
    """Refuse half a surrogate pair, which is no character and cannot be stored."""
    text.encode("utf-8")
    return text


UnicodeText = Annotated[str, AfterValidator(_encodable)]
Number = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]


class RequestBody(BaseModel):
    """A request's body: no unknown fields, no conversions."""

    model_config = ConfigDict(extra="forbid", strict=True)


class EmptyRequest(RequestBody):
    """An empty body."""


class SourceRequest(RequestBody):
    """A learner's source."""

    source: UnicodeText = Field(
        description="Python source; at most 128 KiB as UTF-8.", max_length=MOST_SOURCE
    )


class DraftRequest(SourceRequest):
    """A draft, and the revision it is based on."""

    base: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        default=None, description="The revision it is based on; null when there was no draft."
    )


class SignInRequest(RequestBody):
    """A name and its password."""

    name: UnicodeText = Field(max_length=MOST_NAME)
    password: UnicodeText = Field(max_length=MOST_PASSWORD)


class JoinRequest(SignInRequest):
    """An invitation's code, and the name and password to join with."""

    code: UnicodeText = Field(max_length=MOST_NAME)


class InvitationRequest(RequestBody):
    """The invitation to make."""

    left: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        default=None, description="How often it can be used; null for any number of times."
    )


class Reply(BaseModel):
    """A reply's body: the fields that are listed, and no others."""

    model_config = ConfigDict(extra="forbid")


class ErrorReply(Reply):
    """What went wrong, and what to do."""

    error: Text


class LevelSummaryReply(Reply):
    """A level as the map shows it."""

    level: str
    title: Text
    summary: Text
    classes: list[str]
    needs: list[str] = Field(description="The levels that come before it.")
    open: bool = Field(description="Whether all it needs is passed; advice, not a lock.")
    passed: bool
    passed_classes: list[str]
    revision: str
    answers: int


class CourseMapReply(Reply):
    """The course map."""

    levels: list[LevelSummaryReply]


class HintsReply(Reply):
    """How many hints there are, and those that were shown, as HTML."""

    count: int
    shown: list[Text]


class DraftReply(Reply):
    """A draft as it was saved."""

    source: str
    revision: int


class DraftRevisionReply(Reply):
    """The revision that a draft now has."""

    revision: int


class LevelReply(LevelSummaryReply):
    """A level with all that its page shows. The statement and the hints are HTML."""

    template: str
    statement: Text
    hints: HintsReply
    draft: DraftReply | None


class SubmissionReply(Reply):
    """An answer that waits to be judged."""

    answer: int
    address: str


VerdictReply = Annotated[Verdict, AsDescribed()]


class VerdictSummaryReply(Reply):
    """A verdict as the history shows it."""

    class_: str = Field(alias="class")
    verdict: VerdictName
    kind: ErrorKind | None
    mistakes: list[str]


class HistoryEntryReply(Reply):
    """One answer in the history."""

    answer: int
    submitted_at: str
    state: AnswerState
    verdicts: list[VerdictSummaryReply]


class HistoryReply(Reply):
    """A learner's answers to a level, newest first, and the address of the next page."""

    answers: list[HistoryEntryReply]
    next: str | None


class AnswerReply(Reply):
    """An answer, with its verdicts once it is judged."""

    answer: int
    level: str
    state: AnswerState
    submitted_at: str
    source: str
    verdicts: list[VerdictReply]


class ShapeValueReply(Reply):
    """An array or number of a line, as it was when the line ran last."""

    name: str
    shape: list[int]
    dtype: str
    values: NestedValue = Field(description="Null where the array has too many axes to show.")
    cut: bool = Field(description="Whether only the first entries of each axis are here.")


class ShapeLineReply(Reply):
    """The shapes of one line."""

    line: int
    text: str
    state: Literal["shape", "error"]
    detail: Text | None
    advice: Text | None
    values: list[ShapeValueReply]


class StoppedReply(Reply):
    """Why a draft did not run to its end, and in which line."""

    line: int | None
    message: Text


class ShapesReply(Reply):
    """The shape of every intermediate of a draft, line by line."""

    lines: list[ShapeLineReply]
    case: Text
    stopped: StoppedReply | None
    milliseconds: float


class LearnerReply(Reply):
    """Who is signed in."""

    name: str
    teacher: bool


class SessionReply(Reply):
    """Who is there, and what this lab can do."""

    learner: LearnerReply | None
    class_: bool = Field(alias="class", description="Whether several learners sign in.")
    isolation: int
    judges: bool
    notice: Text | None
    handgrad: str
    instance: str = Field(description="Changes whenever the server is started.")


class SignedInReply(Reply):
    """Who is signed in now."""

    learner: LearnerReply | None


class ClassMemberReply(Reply):
    """A learner on the teacher's page."""

    name: str
    teacher: bool
    joined_at: str
    seen_at: str | None
    passed: list[str]
    answers: int


class InvitationReply(Reply):
    """An invitation that can still be used."""

    code: str
    address: str
    left: int | None
    expires_at: str


class ClassReply(Reply):
    """The class."""

    learners: list[ClassMemberReply]
    invitations: list[InvitationReply]


class NewPasswordReply(Reply):
    """A new password to be handed over; it is shown this once."""

    password: str


class RemovedReply(Reply):
    """Who was removed, with all that was theirs."""

    removed: str


def replies(*statuses: int, **models: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """The replies of a route for its description: errors by status, others as ``s200=Model``."""
    described: dict[int | str, dict[str, Any]] = {
        status: {"model": ErrorReply, "description": MEANINGS[status]} for status in statuses
    }
    for name, model in models.items():
        status = int(name[1:])
        described[status] = {"model": model, "description": (model.__doc__ or "").splitlines()[0]}
    return described


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
