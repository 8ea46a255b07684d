"""pydantic models of dataclasses whose fields are described: ``Annotated[Verdict, AsDescribed()]``."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, Field, GetCoreSchemaHandler, create_model
from pydantic_core import CoreSchema
from typing_extensions import TypeAliasType

from handgrad.diagnosis.json_fields import JsonField, NestedNumbers, json_fields
from handgrad.languages import Text

NestedValue = TypeAliasType("NestedValue", "float | str | bool | list[NestedValue] | None")


class AsDescribed:
    """Marks a dataclass in an annotation: its JSON is what its described fields say."""

    def __get_pydantic_core_schema__(
        self, source: type, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return handler.generate_schema(described_model(source))


@cache
def described_model(kind: type) -> type[BaseModel]:
    """The model of a dataclass: every field by its JSON name, and required."""
    fields: dict[str, Any] = {field.attribute: _model_field(field) for field in json_fields(kind)}
    model: type[BaseModel] = create_model(
        kind.__name__,
        __doc__=(kind.__doc__ or "").partition("\n")[0],
        **fields,
    )
    return model


def _model_field(field: JsonField) -> tuple[Any, Any]:
    facts: dict[str, Any] = {"alias": field.name, "description": field.description.en}
    if field.is_omitted:  # it is left out rather than null
        [kind] = [one for one in get_args(field.type) if one is not type(None)]
        return _model_type(kind), Field(default_factory=dict, **facts)
    return _model_type(field.type), Field(**facts)


def _model_type(kind: Any) -> Any:
    """A type as pydantic reads it: described dataclasses become models."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is NestedNumbers:
        return NestedValue
    if dataclasses.is_dataclass(kind) and kind is not Text:
        return described_model(kind)  # type: ignore[arg-type]
    if origin is tuple:
        return list[_model_type(arguments[0])]  # type: ignore[misc]
    if origin is Mapping:
        return dict[str, _model_type(arguments[1])]  # type: ignore[misc]
    if origin in (Union, UnionType):
        return Union[tuple(_model_type(one) for one in arguments)]  # noqa: UP007
    return kind
