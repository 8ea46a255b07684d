"""Mistakes of type or shape: no array, another shape, or another kind of number."""

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
            shows=Text(zh="方法返回了 None。", en="The method returned None."),
            because=Text(
                zh="没有 return 语句的函数返回 None，前一层就收不到梯度。",
                en="A function without a return statement returns None, and the layer before this "
                "one receives no gradient.",
            ),
            look_at=Text(
                zh="检查方法的最后一行：有没有 return 算好的数组？",
                en="Check the last line of the method: does it return the array you computed?",
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
                zh="这里应当是一个数组：前一层只接收一个 dout，参数的梯度要各自存成属性。",
                en="This must be one array: the layer before takes a single dout, and each "
                "parameter's gradient is stored in an attribute of its own.",
            ),
            look_at=Text(
                zh="检查这一行的末尾：逗号会把值装进元组，哪怕只有一个值。",
                en="Check the end of that line: a comma makes a tuple, even of a single value.",
            ),
        ),
        recognise=_is_tuple,
        sample=lambda trial, array: Received(kind="tuple", type_name="tuple"),
    ),
    Mistake(
        "not-an-array",
        Explanation(
            shows=Text(zh="{array} 不是数值数组。", en="{array} is not an array of numbers."),
            because=Text(
                zh="其他层要用它做矩阵运算，列表和对象数组都不支持。",
                en="Other layers do matrix arithmetic with it, which a list or an array of objects "
                "does not support.",
            ),
            look_at=Text(
                zh="检查它是 NumPy 运算的结果，还是一个 Python 列表。",
                en="Check whether it comes from a NumPy operation or is a Python list.",
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
                en="{array} was computed but not stored as an attribute of the layer.",
            ),
            because=Text(
                zh="局部变量在方法结束时就消失了，优化器只会读层的属性。",
                en="A local variable disappears when the method ends; the optimizer reads the "
                "layer's attributes.",
            ),
            look_at=Text(
                zh="检查等号左边：名字前面有没有 self.，拼写和大小写是否与要求一致？",
                en="Check the left side of the assignment: does the name start with `self.`, and "
                "is it spelled exactly as the level asks, including capitals?",
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
                zh="没有它，这个参数就无法更新。", en="Without it this parameter cannot be updated."
            ),
            look_at=Text(
                zh="检查 backward 是否给每个要求的属性都赋了值。",
                en="Check that backward sets every attribute that the level asks for.",
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
                en="A gradient has the shape of the array it belongs to.",
            ),
            look_at=Text(
                zh="检查矩阵乘法里两个因子的顺序，以及转置的是哪一个。",
                en="Check the order of the two factors in the matrix product, and which one is "
                "transposed.",
            ),
        ),
        change=_transposed,
    ),
    Mistake(
        "reshaped-instead-of-transposed",
        Explanation(
            shows=Text(
                zh="{array} 的形状对，数的位置却不对：转置后的结果被 reshape 成了要求的形状。",
                en="{array} has the right shape, but its numbers are in the wrong places: the "
                "transpose of the result was reshaped.",
            ),
            because=Text(
                zh="reshape 只按内存顺序重新划分，不会交换行和列；交换行列要用转置。",
                en="reshape keeps the numbers in memory order; unlike a transpose, it does not "
                "swap rows and columns.",
            ),
            look_at=Text(
                zh="检查 reshape 之前的形状：两个轴是不是反了？",
                en="Check the shape before the reshape: are its two axes swapped?",
            ),
        ),
        change=_reshaped_for_transposed,
    ),
    Mistake(
        "not-reshaped",
        Explanation(
            shows=Text(
                zh="{array} 的数值全对，形状不对。",
                en="Every number in {array} is right, but its shape is wrong.",
            ),
            because=Text(
                zh="梯度的形状必须与它所对应的数组完全相同：dx 同 x，dW 同 W，db 同 b。",
                en="A gradient has exactly the shape of its array: dx that of x, dW that of W, db "
                "that of b.",
            ),
            look_at=Text(
                zh="检查最后一步是否把数组变回了要求的形状。",
                en="Check that the last step gives the array the required shape.",
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
                en="Integers drop the fractional part; a gradient holds floating-point numbers.",
            ),
            look_at=Text(
                zh="检查数组是在哪里创建的：dtype 是不是 int？",
                en="Check where the array is created: is its dtype an integer type?",
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
                en="The error exceeds 1e-5: float16 or rounded numbers are not precise enough "
                "(float32 is).",
            ),
            look_at=Text(
                zh="看看有没有 round、astype(np.float16) 之类的转换。",
                en="Look for round, astype(np.float16) or similar.",
            ),
        ),
        recognise=_is_low_precision,
        sample=_changed(lambda value: np.round(value, 2)),
    ),
    Mistake(
        "not-finite",
        Explanation(
            shows=Text(zh="{array} 里有 NaN 或无穷大。", en="{array} contains NaN or infinity."),
            because=Text(
                zh="输入都是普通大小的数，正确的梯度都是有限的。",
                en="The inputs are of ordinary size, and the right gradient is finite everywhere.",
            ),
            look_at=Text(
                zh="看看有没有除以可能为 0 的数，或对非正数取对数。",
                en="Look for a division by something that can be zero, or a logarithm of something "
                "that can be zero or negative.",
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
                en="A gradient has exactly the shape of the array it belongs to; nothing is broadcast.",
            ),
            look_at=Text(
                zh="在纸上写出每一步之后的形状，找出第一个不对的。",
                en="Write down the shape after every step and find the first one that is wrong.",
            ),
        ),
        recognise=_has_other_shape,
        sample=_changed(lambda value: np.zeros((*value.shape, 2))),
        is_last_resort=True,
    ),
)
