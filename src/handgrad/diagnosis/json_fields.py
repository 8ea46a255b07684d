"""JSON from dataclasses: each field carries its description, and the names, the writer and the reader follow.

A field is ``name: Annotated[type, Text(zh=…, en=…)]``, with `JsonName` or `Rounded` where JSON differs.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin, get_type_hints

from handgrad.languages import Text

NestedNumbers = NewType("NestedNumbers", object)
"""An array as nested lists of numbers, or a word that stands for one."""

PLAIN = (bool, int, float, str, NoneType, NestedNumbers)
Writer = Callable[[Any], Any]


@dataclasses.dataclass(frozen=True)
class JsonName:
    """The name of a field in JSON, where Python's differs."""

    name: str


@dataclasses.dataclass(frozen=True)
class Rounded:
    """A number is written with so many decimal places."""

    digits: int


@dataclasses.dataclass(frozen=True)
class Omitted:
    """A field that JSON leaves out when it is None."""


@dataclasses.dataclass(frozen=True)
class JsonField:
    """A field of a dataclass, as JSON has it.

    Attributes:
        attribute: its name in Python.
        name: its name in JSON.
        type: its type, without the annotations.
        description: in both languages.
        digits: decimal places of a number that is rounded.
        is_omitted: whether JSON leaves it out when it is None.
        default: makes the value of a field that was not given; None where it must be given.
    """

    attribute: str
    name: str
    type: Any
    description: Text
    digits: int | None
    is_omitted: bool
    default: Callable[[], Any] | None


@cache
def json_fields(kind: type) -> tuple[JsonField, ...]:
    """The fields of a dataclass, in order.

    Raises:
        TypeError: a field has no description.
    """
    hints = get_type_hints(kind, include_extras=True)
    return tuple(_json_field(kind, field, hints[field.name]) for field in dataclasses.fields(kind))


def _json_field(kind: type, field: dataclasses.Field[Any], hint: Any) -> JsonField:
    annotated = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    notes = {type(note): note for note in annotated[1:]}
    if Text not in notes:
        raise TypeError(f"{kind.__name__}.{field.name} needs a description in both languages")
    default = None if field.default_factory is dataclasses.MISSING else field.default_factory
    if field.default is not dataclasses.MISSING:
        default = lambda value=field.default: value  # noqa: E731
    return JsonField(
        attribute=field.name,
        name=notes[JsonName].name if JsonName in notes else field.name,
        type=annotated[0],
        description=notes[Text],
        digits=notes[Rounded].digits if Rounded in notes else None,
        is_omitted=Omitted in notes,
        default=default,
    )


def as_json(value: Any) -> Any:
    """A dataclass with described fields as plain JSON: every field, in order."""
    kind: Any = type(value)
    writer = _writer(kind)
    return value if writer is None else writer(value)


@cache
def _writer(kind: Any) -> Writer | None:
    """What turns a value of this type into JSON; None where it is JSON already.

    Raises:
        TypeError: there is no JSON form for the type.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Text:
        return Text.to_json
    if kind in PLAIN or origin is Literal:
        return None
    if dataclasses.is_dataclass(kind):
        return _object_writer(kind)
    if origin is tuple and arguments[1:] == (...,):
        item = _writer(arguments[0])
        return list if item is None else lambda values: [item(value) for value in values]
    if origin is Mapping and _writer(arguments[1]) is None:
        return dict
    if origin in (Union, UnionType):
        writers = [writer for one in arguments if (writer := _writer(one)) is not None]
        if not writers:
            return None
        if len(writers) == 1:
            [only] = writers
            return lambda value: None if value is None else only(value)
    raise TypeError(f"There is no JSON form for {kind}")


def _object_writer(kind: Any) -> Writer:
    parts = [(field.name, attrgetter(field.attribute), _field_writer(field)) for field in
             json_fields(kind)]  # fmt: skip
    omitted = [field.name for field in json_fields(kind) if field.is_omitted]

    def write(value: Any) -> dict[str, Any]:
        written = {
            name: get(value) if writer is None else writer(get(value))
            for name, get, writer in parts
        }
        for name in omitted:
            if written[name] is None:
                del written[name]
        return written

    return write


def _field_writer(field: JsonField) -> Writer | None:
    if field.digits is None:
        return _writer(field.type)
    digits = field.digits
    return lambda number: round(number, digits)


def with_missing_fields(kind: type, document: Mapping[str, Any]) -> dict[str, Any]:
    """JSON that an earlier version wrote, with every field added since at its default.

    Args:
        kind: the dataclass that the object stands for.
        document: as it was stored. What this version does not know stays as it is.
    """
    whole: dict[str, Any] = {}
    for field in json_fields(kind):
        if field.name in document:
            whole[field.name] = _filled(field.type, document[field.name])
        elif field.default is not None and not field.is_omitted:
            writer, value = _field_writer(field), field.default()
            whole[field.name] = value if writer is None else writer(value)
    return whole | {name: value for name, value in document.items() if name not in whole}


def _filled(kind: Any, value: Any) -> Any:
    if value is None or kind is Text:
        return value
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple:
        return [_filled(arguments[0], one) for one in value]
    if origin in (Union, UnionType):
        objects = [one for one in arguments if dataclasses.is_dataclass(one)]
        return _filled(objects[0], value) if objects else value
    if dataclasses.is_dataclass(kind):
        return with_missing_fields(kind, value)  # type: ignore[arg-type]
    return value
