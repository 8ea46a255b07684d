"""The message of a class that ran: which array is wrong, which mistake it is, where, and what was measured.

One paragraph a line, the most important one first. Every part is a whole sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from handgrad.diagnosis.array_difference import Reason
from handgrad.diagnosis.compared_array import ComparedArray, by_array
from handgrad.diagnosis.diagnose import Diagnosis
from handgrad.diagnosis.error_pattern import error_pattern
from handgrad.diagnosis.exposed_mistakes import ExposedMistakes
from handgrad.diagnosis.mistake_matching import MatchedMistakes
from handgrad.diagnosis.mistakes import Mistake
from handgrad.diagnosis.mistakes.wrong_type_or_shape import elsewhere
from handgrad.diagnosis.text.exception_text import exception_text
from handgrad.diagnosis.verdict_names import WARNING_WORDS
from handgrad.languages import Text, joined

SPACE = Text(zh="", en=" ")
LINE = Text(zh="\n", en="\n")
LIST = Text(zh="、", en=", ")

Labels = Mapping[str, Text]


def diagnosis_text(
    diagnosis: Diagnosis,
    class_name: str,
    labels: Labels,
    exposed: ExposedMistakes | None = None,
    remarks: Iterable[Text] = (),
) -> Text:
    """The message of a class that ran.

    Args:
        diagnosis: what its trials show.
        class_name: the class judged.
        labels: what each array is called for the learner (``dW`` → ``self.dW``).
        exposed: on a pass, the known mistakes that its cases would have exposed.
        remarks: what else was found out, a paragraph each.
    """
    if diagnosis.verdict == "pass":
        parts = [joined([_passed(diagnosis, class_name), *_worth(exposed)], SPACE)]
        parts += [WARNING_WORDS[name].paragraph for name in diagnosis.warnings]
    elif diagnosis.verdict == "wrong":
        parts = _wrong(diagnosis, class_name, labels)
    else:
        parts = [_raised(diagnosis, class_name), *_causes(diagnosis)]
    return joined([*parts, *remarks], LINE)


def _passed(diagnosis: Diagnosis, class_name: str) -> Text:
    return Text(
        zh="{name} 通过：{count} 个测试全部正确。", en="{name} passes: all {count} cases are right."
    ).format(name=class_name, count=len(diagnosis.trials))


def _worth(exposed: ExposedMistakes | None) -> list[Text]:
    """What a pass is worth."""
    if exposed is None:
        return []
    count = len(exposed.exposed)
    if exposed.not_exposed:
        known = count + len(exposed.not_exposed)
        return [SOME_EXPOSED.format(count=count, known=known)]
    return [ALL_EXPOSED.format(count=count)]


SOME_EXPOSED = Text(
    zh="这些测试能抓住 {known} 种已知错误中的 {count} 种。",
    en="These cases would have exposed {count} of {known} known mistakes.",
)
ALL_EXPOSED = Text(
    zh="已知的 {count} 种错误，这些测试一种也不会放过。",
    en="These cases would have exposed every one of {count} known mistakes.",
)


def _wrong(diagnosis: Diagnosis, class_name: str, labels: Labels) -> list[Text]:
    wrong = _first_of_each_array(diagnosis.wrong)
    if not wrong:
        later = any(compared.is_wrong for compared in diagnosis.arrays)
        head = (LATER_CALLS if later else RIGHT_NUMBERS).format(name=class_name)
        return [head, *_causes(diagnosis)]
    explained = {match.array for match in diagnosis.matches}
    explained |= {array for _, array in diagnosis.side_effects if array is not None}
    unexplained = [compared for compared in wrong if compared.array not in explained]
    causes = [*_causes(diagnosis), *_all_measured(unexplained, diagnosis, labels)]
    arrays = _named((compared.array for compared in wrong), labels)
    is_or_are = IS_WRONG if len(wrong) == 1 else ARE_WRONG
    if len(causes) == 1:  # whoever reads one line only reads the cause
        first = [is_or_are[1].format(name=class_name, arrays=arrays, cause=causes[0])]
    else:
        first = [is_or_are[0].format(name=class_name, arrays=arrays), *causes]
    return [*first, _where(diagnosis.wrong[0], labels)]


IS_WRONG = (
    Text(zh="{name} 的 {arrays} 不对。", en="{name}: {arrays} is wrong."),
    Text(zh="{name} 的 {arrays} 不对：{cause}", en="{name}: {arrays} is wrong. {cause}"),
)
"""One array is wrong: without a cause on the same line, and with one."""
ARE_WRONG = (
    Text(zh="{name} 的 {arrays} 不对。", en="{name}: {arrays} are wrong."),
    Text(zh="{name} 的 {arrays} 不对：{cause}", en="{name}: {arrays} are wrong. {cause}"),
)
"""The same for several arrays."""
RIGHT_NUMBERS = Text(
    zh="{name} 的数值都对，但改动了不该改的东西。",
    en="{name}: the numbers are right, but it modifies something that must not change.",
)
LATER_CALLS = Text(
    zh="{name} 第一次调用的数值都对，但改动了不该改的东西，之后的调用因此出错。",
    en="{name}: the first call gives the right numbers, but it modifies something that must not "
    "change, and later calls are wrong because of it.",
)


def _first_of_each_array(wrong: Iterable[ComparedArray]) -> list[ComparedArray]:
    """The first compared of each array, in the order in which arrays are compared."""
    first = (evidence[0] for evidence in by_array(wrong).values())
    return sorted(first, key=lambda s: s.trial.case.compared.index(s.array))


def _named(arrays: Iterable[str], labels: Labels) -> Text:
    return joined([labels.get(array, Text(zh=array, en=array)) for array in arrays], LIST)


def _causes(diagnosis: Diagnosis) -> list[Text]:
    """Every mistake once, however many arrays show it."""
    single: dict[tuple[Mistake, str], list[MatchedMistakes]] = {}
    combined: dict[tuple[tuple[Mistake, ...], str], list[str]] = {}
    for match in diagnosis.matches:
        factor = f"{match.factor:.6g}" if match.factor is not None else ""
        if match.are_combined:
            combined.setdefault((match.mistakes, factor), []).append(match.array)
        else:
            single.setdefault((match.mistakes[0], factor), []).append(match)
    effects: dict[Mistake, list[str]] = {}
    for mistake, array in diagnosis.side_effects:
        effects.setdefault(mistake, []).append(array or "")
    return [
        *(_combined(parts, factor, arrays) for (parts, factor), arrays in combined.items()),
        *(
            joined(
                [
                    _explained(mistake, [match.array for match in found], factor),
                    *_remarks(found, diagnosis),
                ],
                SPACE,
            )
            for (mistake, factor), found in single.items()
        ),
        *(_side_effect(mistake, arrays) for mistake, arrays in effects.items()),
    ]


def _side_effect(mistake: Mistake, arrays: list[str]) -> Text:
    """A side effect; a mistake whose explanation names no array says which arrays it is about."""
    text = _explained(mistake, arrays)
    if not any(arrays) or "{array}" in mistake.explanation.shows.en:
        return text
    about = Text(zh="有这个问题的是 {names}。", en="This is about {names}.")
    return joined([text, about.format(names=_enumerated(arrays))], SPACE)


def _combined(parts: tuple[Mistake, ...], factor: str, arrays: list[str]) -> Text:
    """Two mistakes combined in an array, or in several: each explained as it would be alone."""
    one, other = (_explained(part, arrays[:1], factor) for part in parts)
    return COMBINED.format(arrays=_enumerated(arrays), one=one, other=other)


COMBINED = Text(
    zh="{arrays} 里同时有两个错误。（1）{one}（2）{other}",
    en="Two mistakes are combined in {arrays}. (1) {one} (2) {other}",
)


def _explained(mistake: Mistake, arrays: list[str], factor: str = "") -> Text:
    """What the first array shows, which others show it too, why it is wrong, what to check."""
    words, others = mistake.explanation, arrays[1:]
    sentences = [words.shows, words.because, words.look_at]
    if others and "{array}" in words.shows.en:
        sentences.insert(1, SAME_FOR.format(others=_enumerated(others)))
    filled = [one.format(array=arrays[0], factor=factor) for one in sentences]
    return joined(filled, SPACE)


SAME_FOR = Text(zh="{others} 也是这样。", en="The same is true of {others}.")


def _enumerated(names: list[str]) -> Text:
    *before, last = names
    if not before:
        return Text(zh=last, en=last)
    return Text(zh="、".join(names), en=f"{', '.join(before)} and {last}")


def _remarks(found: list[MatchedMistakes], diagnosis: Diagnosis) -> list[Text]:
    """Where the array was found instead, and what these inputs cannot tell the mistake from."""
    remarks = []
    place = _other_place(found[0], diagnosis)
    if place is not None:
        same = Text(zh="同样的数组存在 {place} 里。", en="The same array is in {place}.")
        remarks.append(same.format(place=place))
    others = list(dict.fromkeys(other.name for f in found for other in f.mistakes[1:]))
    if others:
        alike = Text(
            zh="这些数据还无法把它和下面的错误区分开：{others}。",
            en="These inputs cannot tell it from {others}.",
        )
        remarks.append(alike.format(others=", ".join(others)))
    return remarks


def _other_place(match: MatchedMistakes, diagnosis: Diagnosis) -> str | None:
    if match.mistakes[0].name != "gradient-stored-elsewhere":
        return None
    for trial in diagnosis.trials:
        received = trial.observed.values.get(match.array)
        name = received and elsewhere(trial, match.array, received)
        if name:
            return f"self.{name}"
    return None


def _all_measured(
    unexplained: list[ComparedArray], diagnosis: Diagnosis, labels: Labels
) -> list[Text]:
    """What was measured where no known mistake explains an array: an observation, no accusation."""
    with_expression = [one for one in unexplained if one.array in diagnosis.computed]
    by_pattern: dict[Text, list[str]] = {}
    for compared in unexplained:
        if compared not in with_expression:
            everywhere = [one for one in diagnosis.arrays if one.array == compared.array]
            by_pattern.setdefault(error_pattern(everywhere), []).append(compared.array)
    return [
        *([_computed(with_expression, diagnosis, labels)] if with_expression else []),
        *(
            joined([UNEXPLAINED.format(label=_named(arrays, labels)), pattern], SPACE)
            for pattern, arrays in by_pattern.items()
        ),
    ]


UNEXPLAINED = Text(zh="{label} 与已知错误都对不上。", en="No known mistake explains {label}.")


def _computed(wrong: list[ComparedArray], diagnosis: Diagnosis, labels: Labels) -> Text:
    """The expression that each array equals, and a question about it."""
    parts = [
        EXACTLY.format(
            label=_named([one.array], labels), expression=diagnosis.computed[one.array].text
        )
        for one in wrong
    ]
    is_forward = all(one.array in one.trial.case.outputs for one in wrong)
    return joined([*parts, OF_FORWARD if is_forward else OF_BACKWARD], SPACE)


EXACTLY = Text(
    zh="你的 {label} 在每个测试里都恰好等于 {expression}。",
    en="In every case your {label} is exactly {expression}.",
)
OF_BACKWARD = Text(zh="从链式法则看，应当是这样吗？", en="Is that what the chain rule says?")
OF_FORWARD = Text(
    zh="forward 的公式应当是这样吗？模板里的 forward 是完整的。",
    en="Is that the formula that the level asks for? The template's forward is complete.",
)


def _where(first: ComparedArray, labels: Labels) -> Text:
    return FIRST_SEEN.format(
        number=first.trial.number,
        title=first.trial.case.title,
        difference=_difference(first, _named([first.array], labels)),
    )


FIRST_SEEN = Text(
    zh="首先出现在第 {number} 个测试（{title}）：{difference}",
    en="First seen in case {number} ({title}): {difference}",
)


def _difference(compared: ComparedArray, label: Text) -> Text:
    difference = compared.difference
    assert difference is not None
    index = "[" + ", ".join(map(str, difference.index or ())) + "]"
    array = compared.received.array
    return DIFFERENCES[difference.reason].format(
        label=label,
        shape=difference.expected_shape,
        received=difference.received_shape,
        kind=compared.received.type_name,
        dtype="" if array is None else array.dtype,
        wrong=difference.wrong_entries,
        entries=difference.entries,
        error="" if difference.error is None else f"{difference.error:.3g}",
        index=index if difference.index else Text(zh="唯一的元素", en="the only entry"),
    )


DIFFERENCES: dict[Reason, Text] = {
    "missing": Text(
        zh="没有 {label}：它应当是形状为 {shape} 的数组。",
        en="{label} should be an array of shape {shape}, and there is none.",
    ),
    "type": Text(
        zh="{label} 应当是形状为 {shape} 的数组，收到的是 {kind}。",
        en="{label} should be an array of shape {shape}; received: {kind}.",
    ),
    "shape": Text(
        zh="{label} 的形状应当是 {shape}，收到的是 {received}。",
        en="{label} should have shape {shape}; received {received}.",
    ),
    "dtype": Text(
        zh="{label} 应当是浮点数组，收到的 dtype 是 {dtype}。",
        en="{label} should hold floating-point numbers; received dtype {dtype}.",
    ),
    "not-finite": Text(
        zh="{label} 里有 {wrong}/{entries} 个数不是有限数，第一个在 {index}。",
        en="{label} is not finite in {wrong} of {entries} entries, first at {index}.",
    ),
    "value": Text(
        zh="{label} 有 {wrong}/{entries} 个数的误差超过 1e-5，最大误差 {error}，在 {index}。",
        en="{label} is off by more than 1e-5 in {wrong} of {entries} entries; the largest error, "
        "{error}, is at {index}.",
    ),
}
"""The sentence for each check of `compare` that can fail."""


def _raised(diagnosis: Diagnosis, class_name: str) -> Text:
    assert diagnosis.raised is not None
    return exception_text(diagnosis.raised, class_name, diagnosis.raised_in)
