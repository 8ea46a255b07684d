"""Mistakes of form: what came is no array, has another shape, or holds another kind of number."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from handgrad.diagnosis.array_difference import compare, reproduces
from handgrad.diagnosis.case import Array, Received, Trial
from handgrad.diagnosis.mistakes.mistake import Compute, Explanation, Mistake
from handgrad.languages import Text

NEAR = 1e-2
"""float16 keeps three digits, and a sum of products loses some of the third."""
ROUNDED_TO = (2, 3, 4)
"""Decimals; a fifth would pass."""


def _is_nothing(trial: Trial, array: str, received: Received) -> bool:
    return received.kind == "nothing"


def _is_tuple(trial: Trial, array: str, received: Received) -> bool:
    return received.kind == "tuple"


def _is_no_array(trial: Trial, array: str, received: Received) -> bool:
    return received.kind == "object"


def _is_stored_elsewhere(trial: Trial, array: str, received: Received) -> bool:
    if received.kind not in ("nothing", "missing"):
        return False
    return received.is_local_variable or elsewhere(trial, array, received) is not None


def elsewhere(trial: Trial, array: str, received: Received) -> str | None:
    """The name of another attribute that holds exactly the array that is missing here."""
    expected = trial.expected[array]
    for name, other in received.other_attributes.items():
        if reproduces(Received.of(other), np.asarray(expected)):
            return name
    return None


def _transposed(trial: Trial, compute: Compute) -> Array | None:
    value = compute(trial)
    return value.T if value.ndim > 1 else None


def _reshaped_for_transposed(trial: Trial, compute: Compute) -> Array | None:
    value = compute(trial)
    return value.T.reshape(value.shape) if value.ndim > 1 else None


def _nothing(trial: Trial, array: str) -> Received:
    return Received(kind="nothing", type_name="NoneType")


def _missing(trial: Trial, array: str) -> Received:
    return Received(kind="missing", type_name="")


def _kept_as_local(trial: Trial, array: str) -> Received:
    return Received(kind="missing", type_name="", is_local_variable=True)


def _changed(change: Callable[[Array], Array]) -> Callable[[Trial, str], Received]:
    """What shows a mistake of form: the right array, spoilt."""
    return lambda trial, array: Received.of(change(np.asarray(trial.expected[array])))


def _spoilt_by_nan(value: Array) -> Array:
    spoilt = np.array(value, dtype=np.float64)
    spoilt.flat[:1] = np.nan
    return spoilt


def _is_not_reshaped(trial: Trial, array: str, received: Received) -> bool:
    expected, got = np.asarray(trial.expected[array]), received.array
    if got is None or got.shape == expected.shape or got.size != expected.size or not got.size:
        return False
    return compare(Received.of(got.reshape(expected.shape)), expected) is None


def _has_other_shape(trial: Trial, array: str, received: Received) -> bool:
    return received.array is not None and received.array.shape != trial.expected[array].shape


def _is_integer(trial: Trial, array: str, received: Received) -> bool:
    return received.array is not None and received.array.dtype.kind in "iu"


def _is_low_precision(trial: Trial, array: str, received: Received) -> bool:
    """FoundExpression in float16, or rounded to a few decimals: near the reference, and not noise.

    An array of zeros is no rounded one, however small the right entries are.
    """
    expected, got = np.asarray(trial.expected[array]), received.array
    if got is None or got.shape != expected.shape or got.dtype.kind != "f" or not got.any():
        return False
    wide = got.astype(np.float64)
    if not (np.abs(wide - expected) <= NEAR * np.maximum(1, np.abs(expected))).all():
        return False
    if got.dtype == np.float16 or (wide == wide.astype(np.float16)).all():
        return True
    rounded = (np.round(expected, decimals) for decimals in ROUNDED_TO)
    return any(reproduces(Received.of(wide), candidate) for candidate in rounded)


def _is_not_finite(trial: Trial, array: str, received: Received) -> bool:
    got = received.array  # of the right shape: any other may be larger than memory
    return (
        got is not None
        and got.shape == np.shape(trial.expected[array])
        and got.dtype.kind == "f"
        and not np.isfinite(got).all()
    )


WRONG_TYPE_OR_SHAPE: tuple[Mistake, ...] = (
    Mistake(
        "returns-nothing",
        Explanation(
            shows=Text(zh="返回的是 None。", en="what was returned is None."),
            because=Text(
                zh="没有 return 语句的函数返回 None，前一层就收不到梯度。",
                en="a function without a return statement gives None, and the layer before this one "
                "receives no gradient.",
            ),
            look_at=Text(
                zh="看看方法的最后一行：算出的数组是否被 return 了？",
                en="Look at the last line of the method: is the array that you computed returned?",
            ),
        ),
        arrays=("y", "dx", "l"),
        recognise=_is_nothing,
        sample=_nothing,
    ),
    Mistake(
        "returns-tuple",
        Explanation(
            shows=Text(zh="{array} 是一个元组。", en="{array} is a tuple."),
            because=Text(
                zh="这里应当是一个数组：前一层只认识一个 dout，参数的梯度则要各自存成属性。",
                en="an array belongs here: the layer before this one takes a single dout, and "
                "gradients of parameters are kept as attributes, each by itself.",
            ),
            look_at=Text(
                zh="看看这一行末尾：逗号会把几个值（哪怕只有一个）装进元组。",
                en="Look at the end of that line: a comma puts several values, or even a single one, "
                "into a tuple.",
            ),
        ),
        recognise=_is_tuple,
        sample=lambda trial, array: Received(kind="tuple", type_name="tuple"),
    ),
    Mistake(
        "not-an-array",
        Explanation(
            shows=Text(zh="{array} 不是数值数组。", en="{array} is no array of numbers."),
            because=Text(
                zh="其他层要拿它做矩阵运算，列表或对象数组做不了。",
                en="other layers compute with it, which a list or an array of objects cannot do.",
            ),
            look_at=Text(
                zh="看看它是由 NumPy 运算得到的，还是一个 Python 列表？",
                en="Look whether it comes from a NumPy operation or is a Python list.",
            ),
        ),
        recognise=_is_no_array,
        sample=lambda trial, array: Received(kind="object", type_name="list"),
    ),
    Mistake(
        "gradient-stored-elsewhere",
        Explanation(
            shows=Text(
                zh="{array} 算出来了，却没有存成层的属性。",
                en="{array} was computed, and not kept as an attribute of the layer.",
            ),
            because=Text(
                zh="局部变量在方法结束时就消失了，优化器只会读层的属性。",
                en="a local variable is gone when the method ends; an optimizer reads the layer's "
                "attributes.",
            ),
            look_at=Text(
                zh="看看等号左边：名字前面有没有 self.，拼写和大小写是否一致？",
                en="Look at the left of the equals sign: does the name begin with `self.`, and is it "
                "spelled as the level asks, capitals included?",
            ),
        ),
        recognise=_is_stored_elsewhere,
        sample=_kept_as_local,
        refines=("dw-forgotten", "db-forgotten", "gradient-forgotten", "returns-nothing"),
    ),
    Mistake(
        "gradient-forgotten",
        Explanation(
            shows=Text(zh="{array} 从未被赋值。", en="{array} was never set."),
            because=Text(
                zh="没有它，这个参数就无法更新。", en="without it this parameter cannot be updated."
            ),
            look_at=Text(
                zh="看看 backward 里是否给每个要求的属性都赋了值。",
                en="Look whether backward sets every attribute that the level asks for.",
            ),
        ),
        recognise=lambda trial, array, received: received.kind in ("missing", "nothing"),
        sample=_missing,
        is_last_resort=True,
    ),
    Mistake(
        "transposed",
        Explanation(
            shows=Text(
                zh="{array} 是正确结果的转置。", en="{array} is the transpose of the right result."
            ),
            because=Text(
                zh="梯度的形状必须与它所对应的数组相同。",
                en="a gradient has the shape of the array it belongs to.",
            ),
            look_at=Text(
                zh="看看矩阵乘法里两个因子的顺序，以及转置加在谁身上。",
                en="Look at the order of the two factors of the matrix product, and which of them "
                "is transposed.",
            ),
        ),
        change=_transposed,
    ),
    Mistake(
        "reshaped-instead-of-transposed",
        Explanation(
            shows=Text(
                zh="{array} 的形状对，数却排错了位置：转置后的结果被 reshape 成了要求的形状。",
                en="{array} has the right shape and its numbers stand in the wrong places: the "
                "transpose of the result was reshaped.",
            ),
            because=Text(
                zh="reshape 按内存里的顺序重新切分，并不交换行和列；交换行列要用转置。",
                en="reshape cuts the numbers anew in their order in memory; it does not swap rows and "
                "columns, as a transpose does.",
            ),
            look_at=Text(
                zh="看看 reshape 之前的形状：两个轴的顺序是不是反的？",
                en="Look at the shape before the reshape: do its two axes stand in the other order?",
            ),
        ),
        change=_reshaped_for_transposed,
    ),
    Mistake(
        "not-reshaped",
        Explanation(
            shows=Text(
                zh="{array} 的数值全对，形状不对。",
                en="every number of {array} is right; its shape is not.",
            ),
            because=Text(
                zh="梯度的形状必须与它所对应的数组完全相同：dx 同 x，dW 同 W，db 同 b。",
                en="a gradient has exactly the shape of what it belongs to: dx that of x, dW that of "
                "W, db that of b.",
            ),
            look_at=Text(
                zh="看看最后一步是否把数组变回了要求的形状。",
                en="Look whether the last step brings the array into the shape asked for.",
            ),
        ),
        recognise=_is_not_reshaped,
        sample=_changed(lambda value: value[np.newaxis]),
        refines=("wrong-shape",),
    ),
    Mistake(
        "integer-result",
        Explanation(
            shows=Text(zh="{array} 是整数数组。", en="{array} is an array of integers."),
            because=Text(
                zh="整数存不下小数部分，梯度应当是浮点数。",
                en="integers lose everything behind the point; a gradient holds floating-point numbers.",
            ),
            look_at=Text(
                zh="看看数组是在哪里建立的：dtype 是不是 int？",
                en="Look at where the array is made: is its dtype an integer type?",
            ),
        ),
        recognise=_is_integer,
        sample=_changed(lambda value: np.round(value).astype(np.int64)),
    ),
    Mistake(
        "low-precision",
        Explanation(
            shows=Text(zh="{array} 只保留了几位小数。", en="{array} keeps only a few digits."),
            because=Text(
                zh="误差超过了 1e-5：float16 或四舍五入之后的数不够精确（float32 足够）。",
                en="the error exceeds 1e-5: float16 or rounded numbers are not precise enough "
                "(float32 is).",
            ),
            look_at=Text(
                zh="看看有没有 round、astype(np.float16) 之类的转换。",
                en="Look for round, astype(np.float16) and the like.",
            ),
        ),
        recognise=_is_low_precision,
        sample=_changed(lambda value: np.round(value, 2)),
    ),
    Mistake(
        "not-finite",
        Explanation(
            shows=Text(zh="{array} 里有 NaN 或无穷大。", en="{array} holds NaN or infinity."),
            because=Text(
                zh="输入都是普通大小的数，正确的梯度都是有限的。",
                en="the inputs are of ordinary size, and the right gradient is finite everywhere.",
            ),
            look_at=Text(
                zh="看看有没有除以可能为 0 的数，或对非正数取对数。",
                en="Look for a division by what may be zero, or a logarithm of what may not be "
                "positive.",
            ),
        ),
        recognise=_is_not_finite,
        sample=_changed(_spoilt_by_nan),
        is_last_resort=True,
    ),
    Mistake(
        "wrong-shape",
        Explanation(
            shows=Text(zh="{array} 的形状不对。", en="{array} has the wrong shape."),
            because=Text(
                zh="梯度的形状必须与它所对应的数组相同，不做广播。",
                en="a gradient has exactly the shape of the array it belongs to; nothing is broadcast.",
            ),
            look_at=Text(
                zh="在纸上写出每一步的形状，看看是哪一步开始不对的。",
                en="Write the shape of every step on paper and see where it first goes astray.",
            ),
        ),
        recognise=_has_other_shape,
        sample=_changed(lambda value: np.zeros((*value.shape, 2))),
        is_last_resort=True,
    ),
)
