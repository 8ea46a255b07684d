"""Every frame of the protocol, defined once: its kind, its fields, and what each field holds.

The child writes frames and the judge reads them; the types here let mypy check both sides against one
definition. The child needs them for type checking only and never imports this module when it runs.

A field that a child sends is `Sent`: the code of an answer runs in the child and may send anything, so
to a reader the field is of its type *or* `Untrusted`, and mypy refuses every use of it before it is
checked (`handgrad.judging.untrusted_fields`). Jobs come from the judge and have plain types.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict, TypeVar, final


class Untrusted:
    """Whatever a hostile child may have put in a field. Nothing can be done with it but check it."""


T = TypeVar("T")
Sent: TypeAlias = T | Untrusted
"""A field that a child writes as `T` and that its reader has to check."""

# Parts of frames


@final
class ArrayFields(TypedDict):
    """An array: where its bytes lie in the payload. Read with `buffers.trusted_array` by the child and
    with `buffers.untrusted_array` by the judge. `at` is None when the bytes were too many to send.
    """

    dtype: str
    shape: list[int]
    at: int | None
    nbytes: NotRequired[int]
    strides: NotRequired[list[int]]
    offset: NotRequired[int]


ValueKind = Literal["array", "nothing", "tuple", "missing", "object"]
"""What a line of a script assigned: an array or a number; None; a tuple; an attribute that does not
exist; anything else."""


class ValueFields(TypedDict):
    """The value that a line of a script assigned."""

    kind: Sent[ValueKind]
    type: Sent[str]
    array: Sent[ArrayFields | None]
    others: Sent[dict[str, ArrayFields]]
    is_local_variable: Sent[bool]


class ExceptionFields(TypedDict):
    """An exception of the answer's code, with line and column as its author counts them."""

    type: Sent[str]
    message: Sent[str]
    line: Sent[int | None]
    column: Sent[int | None]
    source_line: Sent[str | None]
    in_answer: Sent[bool]
    refused: Sent[bool]
    out_of_memory: Sent[bool]
    ended_process: Sent[bool]
    is_import_error: Sent[bool]
    import_name: Sent[str | None]


class WarningFields(TypedDict):
    """A warning of NumPy's that a line of the answer caused."""

    message: Sent[str]
    line: Sent[int]
    in_region: Sent[bool]


ProblemKind = Literal[
    "syntax-error",
    "encoding-error",
    "missing-class",
    "missing-method",
    "bad-signature",
    "import-error",
    "exception",
    "exited",
    "unanswered",
]
"""Why an answer or a class of it cannot be run: kinds of the verdict ``error``."""


class ProblemFacts(TypedDict, total=False):
    """What is known about a problem, for the message; each kind of problem has some of these."""

    reason: str
    character: str | None
    tabs: bool
    indentation: bool
    source_line: str
    declared: str
    candidates: list[str]
    found: list[str]
    is_a: str | None
    method: str
    takes: list[str]
    wanted: list[str]
    raised: ExceptionFields
    there_is: tuple[str, ...]
    operation: OperationFields | None


class ProblemFields(TypedDict):
    """Why an answer or a class of it cannot be run."""

    kind: Sent[ProblemKind]
    line: Sent[int | None]
    column: Sent[int | None]
    facts: Sent[ProblemFacts]


# Frames of every child


class BareFrame(TypedDict):
    """``ready``: the child is isolated and waits for a job. ``end``: the job is done. ``output-limit``:
    the answer printed more than its limit, and the process ends.
    """

    frame: Literal["ready", "end", "output-limit"]


class PrintedFrame(TypedDict):
    """Text that the answer printed."""

    frame: Literal["printed"]
    text: Sent[str]


class FaultFrame(TypedDict):
    """The child's own code failed."""

    frame: Literal["fault"]
    traceback: Sent[str]


LifeFrame: TypeAlias = BareFrame | FaultFrame
LifeFrameKind = Literal["ready", "end", "output-limit", "fault"]
"""Frames about the child itself, read where it is monitored."""

# Frames of an answer


class LoadedFrame(TypedDict):
    """The answer's file ran, or could not."""

    frame: Literal["loaded"]
    problem: Sent[ProblemFields | None]
    guessed_encoding: Sent[str | None]
    defines: Sent[list[str]]


class ClassFrame(TypedDict):
    """The cases of a class follow, unless it has a problem."""

    frame: Literal["class"]
    name: Sent[str]
    problem: Sent[ProblemFields | None]
    calls_forward: Sent[bool]
    loops: Sent[bool]


class CaseFrame(TypedDict):
    """The results of one case."""

    frame: Literal["case"]
    number: Sent[int]
    values: Sent[dict[str, ValueFields]]
    inputs_after: Sent[dict[str, ArrayFields]]
    overwritten: Sent[list[str]]
    seconds: Sent[float]
    raised: Sent[ExceptionFields | None]
    warned: Sent[list[WarningFields]]


class ClassEndFrame(TypedDict):
    """The cases of a class are done."""

    frame: Literal["class-end"]


AnswerFrame: TypeAlias = PrintedFrame | LoadedFrame | ClassFrame | CaseFrame | ClassEndFrame
AnswerFrameKind = Literal["printed", "loaded", "class", "case", "class-end"]
"""Frames of an answer that is judged."""

# Frames of a draft

PointRole = Literal["inner", "assigned", "returned", "parameter", "alone"]
"""What a traced value is: an operand; assigned; returned; a parameter; an expression statement."""
SnapshotKind = Literal["array", "number", "sizes", "several", "nothing", "object"]
"""A traced value: an array; a Python number; a tuple or list of integers, or of arrays; None; anything
else."""
OperationKind = Literal[
    "operator", "in-place", "call", "index", "store", "attribute", "name", "unpack"
]


class SnapshotFields(TypedDict):
    """A value of a draft's at one moment: its shape, dtype and first entries."""

    kind: Sent[SnapshotKind]
    shape: Sent[list[int]]
    dtype: Sent[str]
    cut: Sent[bool]
    shapes: Sent[list[list[int]]]
    entries: Sent[ArrayFields | None]


class RecordFields(SnapshotFields):
    """The last value of one traced expression or name."""

    number: Sent[int]
    line: Sent[int]
    role: Sent[PointRole]
    name: Sent[str]
    formula: Sent[str]
    count: Sent[int]
    first_shape: Sent[list[int] | None]


class OperandFields(SnapshotFields):
    """An operand of the operation that raised."""

    text: Sent[str]
    number: Sent[int | None]
    parts: Sent[list[OperandFields]]


class OperationFields(TypedDict):
    """The operation that raised, and its operands."""

    does: Sent[OperationKind]
    sign: Sent[str]
    operands: Sent[list[OperandFields]]
    named: Sent[dict[str, OperandFields]]
    has: Sent[list[str]]
    self_has: Sent[list[str]]
    inside: Sent[str]


class TraceFrame(TypedDict):
    """The line that is running, and the values since the last such frame."""

    frame: Literal["trace"]
    line: Sent[int]
    records: Sent[list[RecordFields]]


class LeftOutFrame(TypedDict):
    """Lines with syntax errors were left out; the first of them."""

    frame: Literal["left-out"]
    problem: Sent[ProblemFields]


class DraftLoadedFrame(TypedDict):
    """The draft's file ran, or could not."""

    frame: Literal["loaded"]
    problem: Sent[ProblemFields | None]


class DraftClassFrame(TypedDict):
    """A class ran on its case, or could not."""

    frame: Literal["class"]
    name: Sent[str]
    problem: Sent[ProblemFields | None]
    raised: Sent[ExceptionFields | None]
    operation: Sent[OperationFields | None]


DraftFrame: TypeAlias = TraceFrame | LeftOutFrame | DraftLoadedFrame | DraftClassFrame
DraftFrameKind = Literal["trace", "left-out", "loaded", "class"]
"""Frames of a draft that is traced."""

ChildFrame: TypeAlias = LifeFrame | AnswerFrame | DraftFrame
"""Everything that a child sends."""

# Jobs: from the judge to the child


class LimitFields(TypedDict):
    """The fields of `handgrad.sandbox.limits.Limits`, which says what each of them limits."""

    processor_seconds: float
    wall_seconds: float
    memory_bytes: int
    printed_bytes: int
    array_bytes: int
    carried_bytes: int


class BytesPlace(TypedDict):
    """Where bytes lie in the payload."""

    at: int
    nbytes: int


class LearnerSourceFields(BytesPlace):
    """Source of layers that the learner wrote earlier, and which of its classes are used."""

    names: list[str]


@final
class PlainInput(TypedDict):
    """An input that is no array."""

    plain: Any


InputFields: TypeAlias = ArrayFields | PlainInput


class CaseFields(TypedDict):
    """A case: its script (by number), inputs, and the names whose values are sent back."""

    script: int
    inputs: dict[str, InputFields]
    returned: list[str]
    guarded: list[str]
    read_only: NotRequired[list[str]]


class CalledClass(TypedDict):
    """A class and how it is called."""

    name: str
    constructor: list[str]
    methods: dict[str, list[str]]


class JudgedClassFields(CalledClass):
    """A judged class and its cases. `template`: the lines of the template's region."""

    template: list[str]
    cases: list[CaseFields]


class DraftClassFields(CalledClass):
    """A class of a draft and its one case."""

    script: str
    inputs: dict[str, InputFields]


class AnswerJob(TypedDict):
    """Cases for an answer. Only the first job of a child has `name` and `source`."""

    frame: Literal["job"]
    given: str
    own: list[str]
    seed: int
    scripts: list[str]
    classes: list[JudgedClassFields]
    limits: LimitFields
    name: NotRequired[str]
    source: NotRequired[BytesPlace]
    passed: NotRequired[list[LearnerSourceFields]]


class DraftJob(TypedDict):
    """A draft, and a case for each of its classes."""

    frame: Literal["draft"]
    name: str
    given: str
    classes: list[DraftClassFields]
    limits: LimitFields
    source: BytesPlace


# The control socket of the zygote


class ZygoteOptions(TypedDict):
    """How a zygote is started. `without`: isolation layers to leave out, in tests."""

    without: list[str]
    namespaces: bool


class ZygoteReady(TypedDict):
    """The zygote has loaded and tried its isolation layers: None where one holds, else the failure."""

    walls: dict[str, str | None]
    resident: int
    without: list[str]


class ForkedReply(TypedDict):
    """A child was forked. Its channel and pidfd come with this message."""

    child: int


class StatusReply(TypedDict):
    """How a child ended."""

    status: int | None
