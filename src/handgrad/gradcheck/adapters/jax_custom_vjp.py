"""Calls the backward rule of a ``custom_vjp`` directly.

JAX verifies shapes and structure, and rejects the rule with a message about pytrees. Called directly,
the rule's gradients are judged like those of any other code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from handgrad.errors import CheckError
from handgrad.gradcheck.adapters.argument_descriptions import described
from handgrad.languages import Text

NO_RULE = Text(
    zh="{name} 没有反向规则：检查之前请先调用 {name}.defvjp(forward, backward)。",
    en="{name} has no backward rule: call {name}.defvjp(forward, backward) before the check.",
)
NO_PAIR = Text(
    zh="传给 defvjp 的 forward 必须返回一对值：输出，以及留给 backward 的数据；收到的是 {received}。",
    en="The forward given to defvjp must return a pair: its output, and the data for backward; "
    "got {received}.",
)
NOT_ONE_EACH = Text(
    zh="传给 defvjp 的 backward 必须返回元组，每个参数一个梯度（{names}）；收到的是 {received}。{advice}",
    en="The backward given to defvjp must return a tuple with one gradient for each argument "
    "({names}); got {received}. {advice}",
)
ALSO_FOR_ONE = Text(
    zh="只有一个参数时也要写成 return (dx,)。",
    en="This also applies to a single argument: return (dx,).",
)
NONE_FOR_SOME = Text(
    zh="不需要梯度的参数，对应位置写 None。",
    en="Return None for an argument that needs no gradient.",
)
OTHER_STRUCTURE = Text(
    zh="{name} 的梯度必须与 {name} 的结构相同，即 {expected}；收到的是 {received}。",
    en="The gradient of {name} must have the structure of {name}, {expected}; got {received}.",
)
REFUSED = Text(
    zh="{name} 里有一个 custom_vjp，JAX 不接受它的反向规则：{error}。"
    "请单独检查那个函数，报告会指出是哪个梯度。",
    en="JAX rejects the backward rule of a custom_vjp in {name}: {error}. Check that function separately; "
    "the report then names the gradient.",
)


def require_backward_rule(f: Any) -> None:
    """Require that a ``custom_vjp`` has its rules; any other function uses those of JAX.

    Raises:
        CheckError: it has no backward rule.
    """
    if isinstance(f, jax.custom_vjp) and getattr(f, "bwd", None) is None:
        raise CheckError(NO_RULE.format(name=getattr(f, "__name__", "f")))


def gradients_of_rule(
    f: Any, arguments: Sequence[Any], labels: Sequence[str], douts: Sequence[Any]
) -> list[Any]:
    """The gradient of every leaf of every argument, in order, as the rule gives it.

    Args:
        f: a ``jax.custom_vjp``.
        arguments: its arguments.
        labels: their names.
        douts: the upstream gradient of every output of floating point.

    Raises:
        CheckError: what the rules return is not one gradient for each argument.
    """
    pair = f.fwd(*arguments)
    if not (isinstance(pair, (tuple, list)) and len(pair) == 2):
        raise CheckError(NO_PAIR.format(received=described(pair)))
    outputs, kept = pair
    fixed = [one % len(arguments) for one in f.nondiff_argnums if isinstance(one, int)]
    upstream = _like(outputs, douts)
    returned = f.bwd(*(arguments[one] for one in fixed), kept, upstream)
    asked = [at for at in range(len(arguments)) if at not in fixed]
    if not isinstance(returned, tuple) or len(returned) != len(asked):
        advice = ALSO_FOR_ONE if len(asked) == 1 else NONE_FOR_SOME
        names = ", ".join(labels[at] for at in asked)
        raise CheckError(
            NOT_ONE_EACH.format(names=names, received=described(returned), advice=advice)
        )
    given = dict(zip(asked, returned, strict=True))
    return [
        leaf
        for at, argument in enumerate(arguments)
        for leaf in _leaves(given.get(at), argument, labels[at])
    ]


def rejection_error(name: str, error: Exception) -> CheckError | None:
    """JAX's rejection of a rule inside a function as an error with advice; None for other errors."""
    first_line = str(error).partition("\n")[0].rstrip(".")
    return (
        CheckError(REFUSED.format(name=name, error=first_line))
        if "Custom VJP" in first_line
        else None
    )


def _leaves(gradient: Any, argument: Any, name: str) -> list[Any]:
    """The gradients of an argument's leaves; None stands for zeros, as in JAX."""
    if gradient is None:
        return [None] * len(jax.tree_util.tree_leaves(argument))
    structure: Any = jax.tree_util.tree_structure(argument)
    try:
        return list(structure.flatten_up_to(gradient))
    except ValueError as error:
        raise CheckError(
            OTHER_STRUCTURE.format(
                name=name, expected=described(argument), received=described(gradient)
            )
        ) from error


def _like(outputs: Any, douts: Sequence[Any]) -> Any:
    """Upstream gradients in the structure of the outputs; outputs of integers have none."""
    leaves, structure = jax.tree_util.tree_flatten(outputs)
    left = iter(douts)
    return jax.tree_util.tree_unflatten(
        structure,
        [
            jnp.asarray(next(left), dtype=y.dtype)
            if jnp.issubdtype(jnp.result_type(y), jnp.inexact)
            else np.zeros(jnp.shape(y), dtype=jax.dtypes.float0)
            for y in leaves
        ],
    )
