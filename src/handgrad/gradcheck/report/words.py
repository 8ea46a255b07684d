"""The words of a report, in both languages. One paragraph a line; the first says the most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from handgrad.languages import Text, joined

if TYPE_CHECKING:
    from handgrad.gradcheck.report.report import ArrayReport, GradientReport

LINE = Text(zh="\n", en="\n")
LIST = Text(zh="、", en=", ")

VERDICTS = {
    "right": Text(zh="正确", en="right"),
    "wrong": Text(zh="错误", en="wrong"),
    "cannot-tell": Text(zh="无法判断", en="cannot tell"),
}
METHODS = {
    "affine": Text(zh="仿射，大步长", en="affine: steps as long as the array"),
    "complex-step": Text(
        zh="复数步长，并用实数差分核对", en="complex step, cross-checked by a real difference"
    ),
    "real-difference": Text(zh="四阶实数差分", en="real differences of fourth order"),
    "reference": Text(zh="与参考实现比较", en="compared with the reference"),
    "none": Text(zh="没有测量", en="not measured"),
}
NOT_LINEAR = Text(
    zh="{name} 不是 dout 的线性函数：把 dout 乘以 −0.5，{name} 并没有乘以 −0.5。"
    "backward 里对 dout 的判断（如 dout > 0）或漏乘 dout 都会这样。",
    en="{name} is not linear in dout: with dout times −0.5, {name} is not {name} times −0.5. A branch "
    "on dout in backward (dout > 0), or a dout that was forgotten, does this.",
)
EMPTY = Text(
    zh="这个数组没有元素，只检查了形状。",
    en="this array has no entries; only its shape was looked at.",
)
NO_SLOPE = Text(
    zh="这一点附近没有测得出的导数：步长不同，结果就不同，或者输出不是有限数。"
    "forward 内部的精度可能比看上去低（float32、取整、没有收敛的迭代）。"
    "请换一组输入，或用 tolerance= 说明可以容许的相对误差。",
    en="no slope can be measured at this point: steps of different lengths disagree, or outputs are "
    "not finite. Forward may compute in fewer digits than it seems to (float32 inside, rounding, an "
    "iteration that stops early). Try other inputs, or state the relative error to grant as "
    "tolerance=.",
)
TOO_COARSE = Text(
    zh="测量的误差界 {bound} 与梯度的大小 {size} 相比太大。请用 float64 检查，或换一组大小适中的输入。",
    en="the bound of the measurement, {bound}, is too large beside the gradient's size, {size}. "
    "Check in float64, or with inputs of moderate size.",
)
UNSTEADY = Text(
    zh="输出每次都不同，导数测不出来。",
    en="the output is another one every time: no slope can be measured.",
)
FEWER_DIGITS = Text(
    zh="同样的代码在 {wider} 下是对的，在 {dtype} 下误差超出了舍入能解释的范围。",
    en="right when the same code computes in {wider}; in {dtype} it errs by more than rounding "
    "explains.",
)
NOT_AS_REFERENCE = Text(
    zh="与参考实现的差超出了舍入能解释的范围。",
    en="differs from the reference by more than rounding explains.",
)
LOSES_MORE = Text(
    zh="误差是参考实现在同一类型下的数倍：中间结果的精度不够（例如用半精度累加）。",
    en="its errors are several times those of the reference in the same type: something is kept in too "
    "few digits on the way (a sum in half precision, say).",
)
RAISED = Text(
    zh="handgrad.check 运行 {name} 时出错；输入：{given}。",
    en="Raised while handgrad.check ran {name} with: {given}.",
)
NO_GRADIENT = Text(
    zh="注意：没有找到 {arrays} 的梯度，因此没有检查。若它应当有梯度：输入的从 backward 返回，"
    "参数 P 的存为 dP，或用 parameters={{…}} 指明。",
    en="Note: no gradient was found for {arrays}: not checked. If there should be one, return it from "
    "backward, keep that of a parameter P as dP, or name it in parameters={{…}}.",
)
SATURATED = Text(
    zh="梯度小到与量级为 1 的数的舍入误差相当（饱和）：差异可能只是舍入。请换一组大小适中的输入。",
    en="the gradient is so small (saturated) that the rounding of numbers of order one explains the "
    "difference. Use inputs of moderate size.",
)
COMPLEX_ALONE = Text(
    zh="只有复数步长看到了差异，实数差分的精度不足以证实它：差异可能来自 forward 中对复数不成立的运算。",
    en="only the complex step sees a difference, and real differences are not fine enough to confirm "
    "it: it may come from an operation of forward that does not hold for complex numbers.",
)
LEFT_OUT = Text(
    zh="{outputs} 个输出中有 {near} 个紧挨着折点，没有计入。",
    en="{near} of {outputs} outputs lie close to a kink and were left out.",
)


def measured(method: str, directions: int) -> Text:
    """How an array was measured."""
    return Text(
        zh="{method}；{count} 个高斯方向。", en="{method}; {count} Gaussian directions."
    ).format(method=METHODS[method], count=directions)


def kinks(count: int, outputs: int, place: tuple[int, tuple[int, ...]]) -> Text:
    """Outputs that cannot be differentiated at the point."""
    return Text(
        zh="{outputs} 个输出中有 {count} 个在这一点不可导（第一个是输出{place}）：各方向的斜率对不上，"
        "任何次梯度都可能是对的。其余的都已检查。请换一组不在折点上的输入。",
        en="{count} of {outputs} outputs cannot be differentiated at this point (first: output{place}): "
        "slopes in different directions do not fit together, and any subgradient may be right. Everything else was "
        "looked at. Use inputs that are not on a kink.",
    ).format(count=count, outputs=outputs, place=_place(place))


def _place(place: tuple[int, tuple[int, ...]]) -> str:
    number, index = place
    return (f" {number}" if number else "") + (str(list(index)) if index else "")


COMPUTED = Text(
    zh="{name} 在每个小例子里都恰好等于 {text}。从链式法则看，它应当是这样吗？",
    en="in every small case {name} is exactly {text}. Is that what the chain rule says?",
)


def told(report: GradientReport) -> Text:
    """A report in words."""
    wrong = [array.name for array in report.arrays if array.verdict == "wrong"]
    open_ = [array.name for array in report.arrays if array.verdict == "cannot-tell"]
    head = Text(zh="{name}：{verdict}", en="{name}: {verdict}").format(
        name=report.subject, verdict=VERDICTS[report.verdict]
    )
    named = wrong if report.verdict == "wrong" else open_
    if named:
        head += Text(zh="（{arrays}）", en=" ({arrays})").format(arrays=", ".join(named))
    lines = [head, *map(_line_of, report.arrays)]
    lines += [COMPUTED.format(name=name, text=text) for name, text in report.computed.items()]
    if report.counterexample is not None:
        lines += _counterexample(report.counterexample)
    for finding in report.findings:
        lines.append(finding.message)
        if finding.file is not None:
            lines.append(Text(zh="  {where}", en="  {where}").format(where=_where(finding)))
    lines.append(
        Text(
            zh="种子 {seed}；forward {f} 次，backward {b} 次，另外 {ff} 次和 {bb} 次用于确认、定位与状态。",
            en="seed {seed}; {f} forwards, {b} backwards; {ff} and {bb} more to confirm, locate and look "
            "for state.",
        ).format(
            seed=report.seed,
            f=report.forwards,
            b=report.backwards,
            ff=report.further_forwards,
            bb=report.further_backwards,
        )
    )
    return joined([_ended_once(line) for line in lines], LINE)


def _ended_once(line: Text) -> Text:
    """Sentences that were put together end once."""
    return Text(zh=line.zh.replace("。。", "。"), en=line.en.replace(".. ", ". "))


def _counterexample(case: Mapping[str, Any]) -> list[Text]:
    """The smallest case that fails, a line for each kind of array."""
    titles = {
        "inputs": Text(zh="最小的反例：", en="the smallest case that fails: "),
        "received": Text(zh="  收到：", en="  received: "),
        "expected": Text(zh="  应为：", en="  expected: "),
    }
    told = []
    for key, title in titles.items():
        arrays = ", ".join(f"{name} = {value}" for name, value in case[key].items())
        told.append(title + Text(zh=arrays, en=arrays))
    return told


def _where(finding: object) -> str:
    line, source = getattr(finding, "line", None), getattr(finding, "source", None) or ""
    return f"{getattr(finding, 'file', '')}:{line}: {source.strip()}"


def _line_of(array: ArrayReport) -> Text:
    head = Text(zh="  {name} {shape}：{verdict}", en="  {name} {shape}: {verdict}").format(
        name=array.name, shape=array.shape, verdict=VERDICTS[array.verdict]
    )
    if array.bound == array.bound:  # not NaN
        head += Text(
            zh="，误差 {error}，误差界 {bound}，梯度大小 {size}（{method}）",
            en=", error {error}, bound {bound}, size {size} ({method})",
        ).format(
            error=f"{array.error:.2g}",
            bound=f"{array.bound:.2g}",
            size=f"{array.size:.3g}",
            method=METHODS[array.method],
        )
    said = [] if array.reason is None else [array.reason]
    if array.wrong_entries:
        said.append(_entries(array))
    return joined([head, *said], Text(zh="。", en=". ")) if said else head


def _entries(array: ArrayReport) -> Text:
    shown = [
        f"{array.name}{list(e.index)} = {e.received:.6g} → {e.expected:.6g}"
        for e in array.wrong_entries[:5]
    ]
    if array.wrong_count is not None:
        count = Text(zh="{n} 个数不对：", en="{n} wrong: ").format(n=array.wrong_count)
    else:
        count = Text(zh="许多数不对，例如：", en="many are wrong, such as ")
    return count + Text(zh="；".join(shown), en="; ".join(shown))
