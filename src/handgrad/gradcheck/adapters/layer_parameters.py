"""Finds the parameters of a layer and where their gradients are stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handgrad.errors import CheckError
from handgrad.gradcheck.adapters.forward_arguments import is_real
from handgrad.languages import Text


@dataclass(frozen=True)
class ParameterSlot:
    """One parameter: an attribute, or an item of a dictionary or list that is one.

    Attributes:
        holder: the attribute that holds the parameter, or the container of parameters.
        gradient_holder: the attribute that holds its gradient, or the container of gradients.
        key: its key in both containers; None for a plain attribute.
    """

    holder: str
    gradient_holder: str
    key: str | int | None = None

    @property
    def gradient_name(self) -> str:
        """The gradient's name in the report."""
        if self.key is None:
            return self.gradient_holder
        return f"{self.gradient_holder}[{self.key!r}]"

    def read(self, owner: Any) -> Any:
        """The parameter."""
        held = getattr(owner, self.holder)
        return held if self.key is None else held[self.key]

    def write(self, owner: Any, value: Any) -> None:
        """Set the parameter."""
        if self.key is None:
            setattr(owner, self.holder, value)
        else:
            getattr(owner, self.holder)[self.key] = value

    def gradient(self, owner: Any) -> object:
        """The gradient; None if there is none."""
        held = getattr(owner, self.gradient_holder, None)
        if self.key is None or held is None:
            return held
        try:
            return held[self.key]
        except (KeyError, IndexError):
            return None


def discovered(instance: Any, run: Callable[[], None]) -> dict[str, ParameterSlot]:
    """The parameters of an instance, found by running it once.

    An attribute ``P`` is a parameter if it is the same array of floats before and after the run, and if
    there is an attribute ``dP`` after the run. (What forward stores is a new array.) Containers
    ``params`` and ``grads`` with the same keys hold parameters too.
    """
    before = {name: value for name, value in attributes(instance).items() if is_real(value)}
    run()
    after = attributes(instance)
    slots = {
        name: ParameterSlot(name, f"d{name}")
        for name, value in before.items()
        if after.get(name) is value and f"d{name}" in after
    }
    return slots | _in_containers(after)


def without_gradient(
    instance: Any, slots: Mapping[str, ParameterSlot], inputs: Sequence[str]
) -> list[str]:
    """Arrays of floats that an instance holds before any run and that are not known as parameters."""
    gradients = {slot.gradient_holder for slot in slots.values()}
    return [
        name
        for name, value in attributes(instance).items()
        if is_real(value) and name not in {*slots, *gradients, *inputs}
    ]


def _in_containers(after: Mapping[str, Any]) -> dict[str, ParameterSlot]:
    params, grads = after.get("params"), after.get("grads")
    keys: list[Any] = []
    if isinstance(params, dict) and isinstance(grads, dict):
        keys = [key for key in params if key in grads]
    elif isinstance(params, list) and isinstance(grads, list) and len(params) == len(grads):
        keys = list(range(len(params)))
    return {
        (key if isinstance(key, str) else f"params[{key}]"): ParameterSlot("params", "grads", key)
        for key in keys
        if is_real(params[key])  # type: ignore[index]
    }


def named_by_user(instance: Any, parameters: Mapping[str, str]) -> dict[str, ParameterSlot]:
    """The parameters named by the user.

    Raises:
        CheckError: there is no such attribute, or it is not an array of floats.
    """
    for name in parameters:
        if not is_real(getattr(instance, name, None)):
            held = getattr(instance, name, None)
            raise CheckError(
                Text(
                    zh="parameters 里的 {name} 必须是值为浮点数组的属性；{kind} 的 {name} 是 {held}。",
                    en="{name} in parameters must be an attribute that holds an array of floats; "
                    "on {kind} it is {held}.",
                ).format(name=name, kind=type(instance).__name__, held=type(held).__name__)
            )
    return {name: ParameterSlot(name, gradient) for name, gradient in parameters.items()}


def attributes(instance: Any) -> dict[str, Any]:
    """The instance's own attributes, those in slots included."""
    found = dict(getattr(instance, "__dict__", {}))
    for kind in type(instance).__mro__:
        names = kind.__dict__.get("__slots__", ())
        for name in (names,) if isinstance(names, str) else names:
            if hasattr(instance, name):
                found[name] = getattr(instance, name)
    return found
