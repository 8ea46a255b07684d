"""Explains the error of a draft beside its line: ``(4, 5) · (3, 5) ✗  inner sizes 5 and 3``.

Each kind of operation has its explanation: which sizes do not fit, in a few words. The advice, in a
sentence, comes from `handgrad.diagnosis.text.exception_hints.hint_for`.
"""

from __future__ import annotations

import difflib
import itertools
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from handgrad.diagnosis.text.exception_hints import hint_for
from handgrad.languages import Text, printable
from handgrad.live_shapes.draft_trace import DraftFailure, FailedOperation, Operand
from handgrad.sandbox.child.draft.shape_formula import BROADCASTING, PRODUCT, PRODUCTS

CROSS = "✗"
LONGEST_MESSAGE = 100
Shape = tuple[int, ...]
Words = tuple[str, Text]
"""Shapes and operators, and the few words after them."""


@dataclass(frozen=True)
class ErrorAnnotation:
    """An error beside its line.

    Attributes:
        text: shapes and operators, no words.
        detail: what does not fit, in a few words.
        advice: what usually causes it, in a sentence; None where there is nothing to add.
    """

    text: str
    detail: Text
    advice: Text | None


def error_annotation(failure: DraftFailure) -> ErrorAnnotation:
    """The annotation of the line that raised."""
    operation, raised = failure.operation, failure.raised
    advice = hint_for(raised)
    found: Words | None = None
    if operation is not None and not (raised.refused or raised.is_import_error):
        for explanation in EXPLANATIONS:
            found = found or explanation(operation, raised.message)
        if found is not None and operation.inside:
            found = f"{operation.inside}: {found[0]}", found[1]
    text, detail = found or ("", _exception_detail(failure))
    return ErrorAnnotation(f"{text} {CROSS}".strip(), detail, advice)


def _exception_detail(failure: DraftFailure) -> Text:
    raised = failure.raised
    if raised.is_import_error and raised.import_name is not None:
        return Text(zh="这里不能导入 {name}", en="{name} cannot be imported here").format(
            name=printable(raised.import_name)[:LONGEST_MESSAGE]
        )
    if raised.refused:
        return Text(zh="这里不允许这样做", en="this is not allowed here")
    if raised.out_of_memory:
        return Text(zh="内存不够", en="there is not enough memory")
    if raised.ended_process:
        return Text(zh="程序在这里结束", en="the program ends here")
    message = printable(" ".join(raised.message.split()))
    if len(message) > LONGEST_MESSAGE:
        message = message[: LONGEST_MESSAGE - 1] + "…"
    text = f"{raised.type_name}: {message}" if message else raised.type_name
    return Text(zh=text, en=text)


def _of_none(operation: FailedOperation, message: str) -> Words | None:
    """An operand is None."""
    if "NoneType" not in message:
        return None
    for operand in (*operation.operands, *operation.named.values()):
        if operand.value.kind == "nothing" and operand.text not in ("", "None"):
            if operand.text.startswith("self."):
                words = Text(
                    zh="{name} 是 None：forward 给它赋值了吗？",
                    en="{name} is None: does forward set it?",
                )
            else:
                words = Text(zh="{name} 是 None", en="{name} is None")
            return "", words.format(name=operand.text)
    return None


def _of_product(operation: FailedOperation, message: str) -> Words | None:
    """The inner sizes of a product differ."""
    name = operation.sign
    if name not in PRODUCTS and name != "@":
        return None
    arrays = _arrays(operation.operands)
    if name == "einsum":
        return _of_einsum(operation, arrays)
    if len(arrays) != 2 or name in ("outer", "tensordot"):
        return None
    a, b = arrays
    text = f"{_shape_text(a)} {PRODUCT} {_shape_text(b)}"
    if not a or not b:
        return text, Text(zh="有一边只是一个数：用 *", en="one side is a single number: use *")
    inner = a[-1], b[-2] if len(b) > 1 and name != "inner" else b[-1]
    if inner[0] != inner[1]:
        return text, Text(zh="内侧大小 {n} 和 {m} 不同", en="inner sizes {n} and {m}").format(
            n=inner[0], m=inner[1]
        )
    if len(a) > 2 and len(b) > 2:
        words = _axes_that_differ(a[:-2], b[:-2])
        return None if words is None else (text, words)
    return None


def _of_einsum(operation: FailedOperation, arrays: Sequence[Shape]) -> Words | None:
    """A letter stands for two sizes, or the number of letters is not the number of axes."""
    texts = [o.text.strip("\"'") for o in operation.operands if o.text[:1] in ("'", '"')]
    if not texts or not arrays:
        return None
    terms = texts[0].replace(" ", "").partition("->")[0].split(",")
    text = f" {PRODUCT} ".join(_shape_text(shape) for shape in arrays)
    if len(terms) != len(arrays):
        return text, Text(
            zh="下标有 {n} 组，数组有 {m} 个", en="{n} groups of letters for {m} arrays"
        ).format(n=len(terms), m=len(arrays))
    sizes: dict[str, int] = {}
    for term, shape in zip(terms, arrays, strict=True):
        if "." in term:
            continue
        if len(term) != len(shape):
            return text, Text(
                zh="{term} 有 {n} 个字母，{shape} 有 {m} 个轴",
                en="{term} has {n} letters, {shape} has {m} axes",
            ).format(term=printable(term), n=len(term), shape=_shape_text(shape), m=len(shape))
        for letter, size in zip(term, shape, strict=True):
            if sizes.setdefault(letter, size) != size:
                return text, Text(
                    zh="{letter} 既是 {n} 又是 {m}", en="{letter} is both {n} and {m}"
                ).format(letter=printable(letter), n=sizes[letter], m=size)
    return None


def _of_broadcasting(operation: FailedOperation, message: str) -> Words | None:
    """Two shapes do not broadcast."""
    if operation.does == "in-place" and "non-broadcastable output" in message:
        target, other = (operand.shape or () for operand in operation.operands[:2])
        return f"{_shape_text(target)} {operation.sign}= {_shape_text(other)}", Text(
            zh="左边的形状装不下结果", en="the left side cannot hold the result"
        )
    if "broadcast" not in message or operation.does == "store":
        return None
    arrays = _arrays(operation.operands) or _arrays(
        part for operand in operation.operands for part in operand.parts
    )
    for a, b in itertools.combinations(arrays, 2):
        words = _axes_that_differ(a, b)
        if words is not None:
            sign = BROADCASTING.get(operation.sign, operation.sign)
            if operation.does == "in-place":
                sign += "="
            between = f" {sign} " if not sign[:1].isalpha() else ", "
            name = "" if between != ", " else f"{operation.sign} "
            return f"{name}{_shape_text(a)}{between}{_shape_text(b)}", words
    return None


def _axes_that_differ(a: Shape, b: Shape) -> Text | None:
    """The last axis where two shapes differ and neither is 1."""
    for back, (n, m) in enumerate(zip(reversed(a), reversed(b), strict=False), start=1):
        if n != m and 1 not in (n, m):
            if len(a) == len(b):
                words = Text(zh="第 {axis} 轴：{n} 和 {m} 不同", en="axis {axis}: {n} and {m}")
            elif back == 1:
                words = Text(zh="最后一轴：{n} 和 {m} 不同", en="the last axes: {n} and {m}")
            else:
                words = Text(
                    zh="倒数第 {back} 轴：{n} 和 {m} 不同",
                    en="axis {back} from the end: {n} and {m}",
                )
            return words.format(axis=len(a) - back, back=back, n=n, m=m)
    return None


def _of_reshape(operation: FailedOperation, message: str) -> Words | None:
    """The entries do not fill the new shape."""
    arrays = _arrays(operation.operands)
    if "cannot reshape array" not in message or not arrays:
        return None
    count = math.prod(arrays[0])
    wanted = _whole_numbers(operation.operands)
    known = math.prod(n for n in wanted if n >= 0)
    text = f"{_shape_text(arrays[0])} → {_shape_text(wanted)}"
    if any(n < 0 for n in wanted):
        return text, Text(
            zh="{count} 个数不能按 {known} 个一组分完",
            en="{count} numbers do not split into groups of {known}",
        ).format(count=count, known=known)
    return text, Text(
        zh="{count} 个数，{places} 个位置", en="{count} numbers, {places} places"
    ).format(count=count, places=known)


def _of_axis(operation: FailedOperation, message: str) -> Words | None:
    """There is no such axis."""
    found = re.search(r"axis (-?\d+) is out of bounds for array of dimension (\d+)", message)
    if found is None:
        return None
    axis, count = int(found.group(1)), int(found.group(2))
    arrays = _arrays(operation.operands)
    text = f"{_shape_text(arrays[0])} axis={axis}" if arrays else f"axis={axis}"
    if count == 0:
        return text, Text(zh="这是一个数，没有轴", en="it is a number and has no axes")
    if count == 1:
        return text, Text(zh="只有第 0 轴", en="there is only axis 0")
    if count == 2:
        return text, Text(zh="只有第 0、1 两个轴", en="there are axes 0 and 1 only")
    return text, Text(zh="只有第 0 到 {last} 轴", en="there are axes 0 to {last} only").format(
        last=count - 1
    )


def _of_transpose(operation: FailedOperation, message: str) -> Words | None:
    """The number of axes is not the array's."""
    arrays = _arrays(operation.operands)
    if "axes don't match array" not in message or not arrays:
        return None
    return f"{operation.sign} {_shape_text(arrays[0])}", Text(
        zh="数组有 {count} 个轴，需要写 {count} 个", en="the array has {count} axes; name {count}"
    ).format(count=len(arrays[0]))


def _of_joining(operation: FailedOperation, message: str) -> Words | None:
    """Arrays that are joined differ in an axis that must be equal."""
    arrays = _arrays(part for operand in operation.operands for part in operand.parts)
    if len(arrays) < 2 or not re.search(
        r"must (?:match|have)|same (?:shape|number of dim)", message
    ):
        return None
    text = f"{operation.sign} " + ", ".join(_shape_text(shape) for shape in arrays)
    found = re.search(r"along dimension (\d+).* has size (\d+) .* has size (\d+)", message)
    if found:
        words = Text(zh="第 {axis} 轴：{n} 和 {m} 不同", en="axis {axis}: {n} and {m}")
        return text, words.format(axis=found.group(1), n=found.group(2), m=found.group(3))
    return text, Text(zh="形状必须相同", en="the shapes must be equal")


def _of_index(operation: FailedOperation, message: str) -> Words | None:
    """An index out of range, a mask of another shape, or too many indices."""
    if operation.does not in ("index", "store") or len(operation.operands) < 2:
        return None
    base, index = operation.operands[:2]
    if base.value.kind not in ("array", "sizes"):
        return None
    text = f"{_shape_text(base.value.shape)}[{_shape_text(index.shape) if index.shape else index.text}]"
    if base.value.kind == "sizes":
        if "out of range" not in message:
            return None
        return text, Text(zh="一共只有 {n} 个数", en="there are {n} numbers").format(
            n=len(base.value.shape)
        )
    found = re.search(r"index -?\d+ is out of bounds for axis (\d+) with size (\d+)", message)
    if found:
        return text, Text(zh="第 {axis} 轴只有 {n} 个", en="axis {axis} has {n} entries").format(
            axis=found.group(1), n=found.group(2)
        )
    found = re.search(r"too many indices for array: array is (\d+)-dim", message)
    if found:
        return text, Text(zh="只有 {n} 个轴", en="it has {n} axes").format(n=found.group(1))
    found = re.search(r"along axis (\d+).*? is (\d+).*? is (\d+)", message)
    if found and "boolean index" in message:
        return text, Text(
            zh="掩码形状不同：第 {axis} 轴 {n} 和 {m}",
            en="the mask differs at axis {axis}: {n} and {m}",
        ).format(axis=found.group(1), n=found.group(2), m=found.group(3))
    return None


def _of_storing(operation: FailedOperation, message: str) -> Words | None:
    """A value does not fit the entries it is assigned to."""
    found = re.search(
        r"could not broadcast input array from shape (\([\d,]*\)) into shape (\([\d,]*\))", message
    )
    if found:
        a, b = (_read(group) for group in found.groups())
        words = _axes_that_differ(a, b) or Text(zh="形状不合", en="the shapes do not fit")
        return f"{_shape_text(a)} → {_shape_text(b)}", words
    found = re.search(r"cannot assign (\d+) input values to the (\d+) output values", message)
    if found:
        return "", Text(zh="{n} 个数，{m} 个位置", en="{n} numbers, {m} places").format(
            n=found.group(1), m=found.group(2)
        )
    return None


def _of_attribute(operation: FailedOperation, message: str) -> Words | None:
    """An attribute that is not set."""
    if operation.does != "attribute" or not operation.operands or "has no attr" not in message:
        return None
    owner = operation.operands[0]
    name = f"{owner.text}.{operation.sign}"
    near = _similar_name(operation.sign, operation.has)
    if owner.text == "self":
        known = Text(zh="还没有 {name}", en="there is no {name} yet")
    elif owner.value.kind == "object" and owner.value.dtype == "module":
        known = Text(zh="没有 {name}", en="there is no {name}")
    else:
        known = Text(zh="{owner} 没有 .{attribute}", en="{owner} has no .{attribute}")
    meant = Text(zh="", en="")
    if near:
        meant = Text(zh="；是不是 {near}？", en="; did you mean {near}?").format(
            near=f"{owner.text}.{near}"
        )
    absent = known.format(name=name, owner=owner.text, attribute=operation.sign)
    return "", absent + meant


def _of_name(operation: FailedOperation, message: str) -> Words | None:
    """A variable that has no value."""
    if operation.does != "name" or not re.search("not defined|not associated|referenced", message):
        return None
    name = operation.sign
    if name == "np":
        return "", Text(zh="缺少 import numpy as np", en="import numpy as np is missing")
    absent = Text(zh="{name} 还没有赋值", en="{name} has no value yet").format(name=name)
    near = _similar_name(name, operation.has)
    if name in operation.self_has:
        near = f"self.{name}"
    if near is None or near == name:
        return "", absent
    return "", absent + Text(zh="；是不是 {near}？", en="; did you mean {near}?").format(near=near)


def _of_unpacking(operation: FailedOperation, message: str) -> Words | None:
    """More names than values, or fewer."""
    if operation.does != "unpack" or "unpack" not in message or not operation.operands:
        return None
    operand = operation.operands[0]
    count = len(operand.parts) or len(operand.value.shape)
    if operand.value.kind == "sizes":
        return f"{_shape_text(operand.value.shape)}", Text(
            zh="{n} 个数，{m} 个名字", en="{n} numbers, {m} names"
        ).format(n=count, m=operation.sign)
    return "", Text(zh="值的个数与 {m} 个名字不同", en="not {m} values for {m} names").format(
        m=operation.sign
    )


def _similar_name(name: str, names: Sequence[str]) -> str | None:
    """The name that was probably meant: in another case, or spelled similarly."""
    for other in names:
        if other.lower() == name.lower() and other != name:
            return other
    return next(iter(difflib.get_close_matches(name, names, n=1, cutoff=0.7)), None)


Explain = Callable[[FailedOperation, str], Words | None]
EXPLANATIONS: tuple[Explain, ...] = (
    _of_none,
    _of_name,
    _of_attribute,
    _of_axis,
    _of_reshape,
    _of_transpose,
    _of_joining,
    _of_index,
    _of_storing,
    _of_product,
    _of_broadcasting,
    _of_unpacking,
)


def _arrays(operands: Iterable[Operand]) -> list[Shape]:
    return [shape for operand in operands if (shape := operand.shape) is not None]


def _whole_numbers(operands: Iterable[Operand]) -> Shape:
    """The shape that a call names: as integers, as a tuple of them, or as one value."""
    found: list[int] = []
    for operand in operands:
        if operand.number is not None:
            found.append(operand.number)
        elif operand.value.kind == "sizes":
            found += operand.value.shape
        else:
            found += _whole_numbers(operand.parts)
    return tuple(found)


def _shape_text(shape: Shape) -> str:
    return str(tuple(shape))


def _read(shape: str) -> Shape:
    return tuple(int(n) for n in shape.strip("()").split(",") if n)
