"""The words of a verdict that trials decided: which array, which mistake, where, and what was measured.

The first sentence says the most: an impatient reader reads no further.
"""

from __future__ import annotations

from collections.abc import Mapping

from handgrad.checking.case import Received
from handgrad.checking.diagnosis import Finding
from handgrad.checking.examine import ArrayDifference, Examination
from handgrad.checking.failures import exception_text
from handgrad.checking.mistakes import Mistake
from handgrad.checking.mistakes.forms import elsewhere
from handgrad.checking.structure import structure_of
from handgrad.languages import Text, joined

SPACE = Text(zh="", en=" ")
LIST = Text(zh="、", en=", ")
NOTHING = Text(zh="", en="")

WARNING_TEXTS: dict[str, Text] = {
    "dout-changed": Text(
        zh="注意：backward 改写了调用者的 dout（例如 dout[mask] = 0）。在这里不算错，但谁还要再用 dout，就会出错。",
        en="Note: backward wrote into the caller's dout (like dout[mask] = 0). That is allowed here, "
        "and breaks every caller that uses dout again.",
    ),
    "output-changed": Text(
        zh="注意：backward 覆盖了 forward 返回的数组；下一层若保存着它，就会算错。",
        en="Note: backward overwrote the array that forward had returned; a layer that kept it would "
        "compute with wrong numbers.",
    ),
    "second-backward-differs": Text(
        zh="注意：不重新 forward、连续两次 backward，结果不同或报错。",
        en="Note: a second backward without a new forward gives something else, or raises.",
    ),
    "not-finite-at-extremes": Text(
        zh="注意：|x| 达到几百时，结果出现 NaN、无穷大或明显误差；普通大小的输入没有问题。",
        en="Note: where |x| is in the hundreds the result is NaN, infinite or far off; ordinary "
        "inputs are fine.",
    ),
    "overflow-warning": Text(
        zh="注意：你写的某一行触发了 NumPy 的数值警告（溢出、除以零等），结果仍然正确。",
        en="Note: one of your lines made NumPy warn (overflow, division by zero or the like); the "
        "result is still right.",
    ),
}


def told(examination: Examination, class_name: str, labels: Mapping[str, Text]) -> Text:
    """The message of a class that ran.

    Args:
        examination: what its trials show.
        class_name: the class judged.
        labels: what each array is called for the learner (``dW`` → ``self.dW``).
    """
    if examination.verdict == "pass":
        parts = [_passed(examination, class_name)]
    elif examination.verdict == "wrong":
        parts = _wrong(examination, class_name, labels)
    else:
        parts = [_raised(examination, class_name)]
        parts += [_finding(finding, examination, labels) for finding in examination.findings]
        parts += [_side_effect(*effect) for effect in examination.side_effects]
    if examination.verdict == "pass":
        parts += [WARNING_TEXTS[name] for name in examination.warnings if name in WARNING_TEXTS]
    return joined(parts, SPACE)


def _passed(examination: Examination, class_name: str) -> Text:
    count = sum(1 for trial in examination.trials if trial.case.warning is None)
    return Text(
        zh="{name} 通过：{count} 个测试全部正确。", en="{name} passes: all {count} cases are right."
    ).format(name=class_name, count=count)


def _wrong(examination: Examination, class_name: str, labels: Mapping[str, Text]) -> list[Text]:
    parts = [_which_arrays(examination, class_name, labels)]
    explained = {finding.array for finding in examination.findings}
    parts += [_finding(finding, examination, labels) for finding in examination.findings]
    parts += [_side_effect(mistake, array) for mistake, array in examination.side_effects]
    for found in _first_of_each_array(examination):
        if found.array not in explained:
            parts.append(_measured(found, examination, labels))
    if examination.differences:
        parts.append(_where(examination.differences[0], labels))
    return parts


def _which_arrays(
    examination: Examination, class_name: str, labels: Mapping[str, Text]
) -> Text:
    names = [labels.get(f.array, _plain(f.array)) for f in _first_of_each_array(examination)]
    if not names:
        return Text(
            zh="{name}：数值都对，但有副作用。", en="{name}: the numbers are right, and a side effect is not."
        ).format(name=class_name)
    return Text(zh="{name} 的 {arrays} 不对。", en="{name}: {arrays} {verb} wrong.").format(
        name=class_name, arrays=joined(names, LIST), verb="is" if len(names) == 1 else "are"
    )


def _first_of_each_array(examination: Examination) -> list[ArrayDifference]:
    first: dict[str, ArrayDifference] = {}
    for found in examination.differences:
        first.setdefault(found.array, found)
    return list(first.values())


def _plain(name: str) -> Text:
    return Text(zh=name, en=name)


def _finding(
    finding: Finding, examination: Examination, labels: Mapping[str, Text]
) -> Text:
    mistake = finding.mistakes[0]
    factor = "" if finding.factor is None else f"{finding.factor:.6g}"
    text = _explained(mistake, finding.array, factor)
    place = _other_place(finding, examination)
    if place:
        text = text + SPACE + Text(
            zh="（同样的数组在 {place} 里。）", en="(The very array is in {place}.)"
        ).format(place=place)
    if len(finding.mistakes) > 1:
        others = ", ".join(other.name for other in finding.mistakes[1:])
        text = text + SPACE + Text(
            zh="（这些输入还分不开它与：{others}。）",
            en="(These inputs cannot tell it from: {others}.)",
        ).format(others=others)
    return text


def _other_place(finding: Finding, examination: Examination) -> str | None:
    if finding.mistakes[0].name != "gradient-stored-elsewhere":
        return None
    for trial in examination.trials:
        received = trial.observed.values.get(finding.array)
        if received is not None:
            name = elsewhere(trial, finding.array, received)
            return f"self.{name}" if name else None
    return None


def _explained(mistake: Mistake, array: str, factor: str = "") -> Text:
    words = mistake.explanation
    return joined(
        [_capitalised(part.format(array=array, factor=factor)) for part in (words.shows, words.because, words.look_at)],
        SPACE,
    )


def _capitalised(text: Text) -> Text:
    """Start an English sentence with a capital, unless it starts with a name of the code's."""
    first = text.en.split(" ", 1)[0]
    is_word = len(first) > 1 and first.isalpha() and first.islower() and first not in ("dx", "db", "dout", "backward", "forward", "y", "l")
    return Text(zh=text.zh, en=text.en[:1].upper() + text.en[1:] if is_word else text.en)


def _side_effect(mistake: Mistake, array: str | None) -> Text:
    return _explained(mistake, array or "")


def _measured(
    found: ArrayDifference, examination: Examination, labels: Mapping[str, Text]
) -> Text:
    """What was measured where no known mistake explains it: an observation, no accusation."""
    label = labels.get(found.array, _plain(found.array))
    structure = structure_of(found.array, examination.trials)
    if structure is None:
        return Text(
            zh="{label} 与任何已知的错误都对不上，下面是测到的情况。",
            en="No known mistake explains {label}; this is what was measured.",
        ).format(label=label)
    return Text(
        zh="{label} 与任何已知的错误都对不上；测到的规律：{structure}。",
        en="No known mistake explains {label}; what holds in every case: {structure}.",
    ).format(label=label, structure=structure)


def _where(found: ArrayDifference, labels: Mapping[str, Text]) -> Text:
    label = labels.get(found.array, _plain(found.array))
    difference, trial = found.difference, found.trial
    head = Text(
        zh="首先出现在第 {number} 个测试（{title}）：{label} ",
        en="First seen in case {number} ({title}): {label} ",
    ).format(number=trial.number, title=trial.case.title, label=label)
    received = trial.observed.values.get(found.array)
    return head + _difference(difference.reason, found, received)


def _difference(reason: str, found: ArrayDifference, received: Received | None) -> Text:
    difference = found.difference
    shape, came = difference.expected_shape, difference.received_shape
    if reason == "missing":
        return Text(
            zh="应当是形状为 {shape} 的数组，却没有。",
            en="should be an array of shape {shape}, and there is none.",
        ).format(shape=shape)
    if reason == "type":
        return Text(
            zh="应当是形状为 {shape} 的数组，收到的是 {kind}。",
            en="should be an array of shape {shape}; received: {kind}.",
        ).format(shape=shape, kind=received.type_name if received else "")
    if reason == "shape":
        return Text(
            zh="的形状应当是 {shape}，收到的是 {came}。", en="should have shape {shape}; received {came}."
        ).format(shape=shape, came=came)
    if reason == "dtype":
        dtype = received.array.dtype if received and received.array is not None else ""
        return Text(
            zh="应当是浮点数组，收到的 dtype 是 {dtype}。",
            en="should hold floating-point numbers; received dtype {dtype}.",
        ).format(dtype=dtype)
    place = "[" + ", ".join(map(str, difference.index or ())) + "]"
    if reason == "not-finite":
        return Text(
            zh="里有 {wrong}/{entries} 个数不是有限数，第一个在 {place}。",
            en="is not finite in {wrong} of {entries} entries, first at {place}.",
        ).format(wrong=difference.wrong_entries, entries=difference.entries, place=place)
    return Text(
        zh="有 {wrong}/{entries} 个数超出 1e-5 的误差，最大误差 {error} 在 {place}。",
        en="is off by more than 1e-5 in {wrong} of {entries} entries; the largest error, {error}, "
        "is at {place}.",
    ).format(
        wrong=difference.wrong_entries,
        entries=difference.entries,
        error=f"{difference.error:.3g}",
        place=place,
    )


def _raised(examination: Examination, class_name: str) -> Text:
    assert examination.raised is not None and examination.raised_in is not None
    return exception_text(examination.raised, class_name, examination.raised_in)

