"""JSON follows from the fields of a dataclass; what an earlier version wrote is completed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

import pytest

from handgrad.diagnosis.json_fields import (
    JsonName,
    Omitted,
    Rounded,
    as_json,
    json_fields,
    with_missing_fields,
)
from handgrad.languages import Text

WORDS = Text(zh="中", en="en")


@dataclass(frozen=True)
class Inner:
    class_name: Annotated[str, JsonName("class"), WORDS]
    numbers: Annotated[tuple[int, ...], WORDS] = (1, 2)


@dataclass(frozen=True)
class Outer:
    text: Annotated[Text, WORDS]
    inner: Annotated[Inner | None, WORDS] = None
    many: Annotated[tuple[Inner, ...], WORDS] = ()
    named: Annotated[Mapping[str, float], WORDS] = field(default_factory=dict)
    seconds: Annotated[float, Rounded(1), WORDS] = 0.25
    secret: Annotated[str | None, Omitted(), WORDS] = None


def test_every_field_is_written_in_order_under_its_json_name():
    written = as_json(Outer(WORDS, Inner("A"), (Inner("B", ()),), {"x": 1.5}, 3.14, "s"))
    assert json.dumps(written) == json.dumps(
        {
            "text": {"zh": "中", "en": "en"},
            "inner": {"class": "A", "numbers": [1, 2]},
            "many": [{"class": "B", "numbers": []}],
            "named": {"x": 1.5},
            "seconds": 3.1,
            "secret": "s",
        }
    )


def test_none_is_null_and_an_omitted_field_is_left_out():
    assert as_json(Outer(WORDS)) == {
        "text": {"zh": "中", "en": "en"}, "inner": None, "many": [], "named": {}, "seconds": 0.2,
    }  # fmt: skip


def test_a_field_without_a_description_is_refused():
    @dataclass
    class Undescribed:
        number: int

    with pytest.raises(TypeError, match=r"Undescribed\.number needs a description"):
        json_fields(Undescribed)


def test_a_type_without_a_json_form_is_refused():
    @dataclass
    class Odd:
        names: Annotated[set[str], WORDS]

    with pytest.raises(TypeError, match="no JSON form"):
        as_json(Odd({"a"}))


def test_missing_fields_are_filled_at_every_depth_and_unknown_ones_stay():
    stored = {"text": {"zh": "a", "en": "b"}, "many": [{"class": "B"}], "later": 7}
    assert with_missing_fields(Outer, stored) == {
        "text": {"zh": "a", "en": "b"},
        "inner": None,
        "many": [{"class": "B", "numbers": [1, 2]}],
        "named": {},
        "seconds": 0.2,
        "later": 7,
    }
