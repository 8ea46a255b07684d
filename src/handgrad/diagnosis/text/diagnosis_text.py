"""The words of a verdict that trials decided: which array, which mistake, where, and what was measured.

One paragraph a line. The first says the most: an impatient reader reads no further.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from handgrad.diagnosis.compared_array import ComparedArray
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
        parts = [_passed(diagnosis, class_name) + _worth(exposed)]
        parts += [WARNING_WORDS[name].paragraph for name in diagnosis.warnings]
    elif diagnosis.verdict == "wrong":
        parts = _wrong(diagnosis, class_name, labels)
    else:
        parts = [_raised(diagnosis, class_name), *_causes(diagnosis, labels)]
    return joined([*parts, *remarks], LINE)


def _passed(diagnosis: Diagnosis, class_name: str) -> Text:
    return Text(
        zh="{name} 通过：{count} 个测试全部正确。", en="{name} passes: all {count} cases are right."
    ).format(name=class_name, count=len(diagnosis.trials))


def _worth(exposed: ExposedMistakes | None) -> Text:
    """What a pass is worth."""
    if exposed is None:
        return Text(zh="", en="")
    count = len(exposed.exposed)
    if exposed.not_exposed:
        return Text(
            zh="这些测试能抓住 {known} 种已知错误中的 {count} 种。",
            en=" These cases would have exposed {count} of {known} known mistakes.",
        ).format(count=count, known=count + len(exposed.not_exposed))
    return Text(
        zh="已知的 {count} 种错误，这些测试一种也不会放过。",
        en=" These cases would have exposed every one of {count} known mistakes.",
    ).format(count=count)


def _wrong(diagnosis: Diagnosis, class_name: str, labels: Labels) -> list[Text]:
    wrong = _first_of_each_array(diagnosis.wrong)
    if not wrong:
        later = any(compared.is_wrong for compared in diagnosis.seen)
        head = (LATER_CALLS if later else RIGHT_NUMBERS).format(name=class_name)
        return [head, *_causes(diagnosis, labels)]
    head = Text(zh="{name} 的 {arrays} 不对", en="{name}: {arrays} {verb} wrong").format(
        name=class_name,
        arrays=_named((compared.array for compared in wrong), labels),
        verb="is" if len(wrong) == 1 else "are",
    )
    explained = {match.array for match in diagnosis.matches}
    explained |= {array for _, array in diagnosis.side_effects if array is not None}
    measured = _all_measured([s for s in wrong if s.array not in explained], diagnosis, labels)
    causes = _causes(diagnosis, labels)
    # An impatient reader reads one line: where there is one cause, it stands there.
    if len(causes) + len(measured) == 1:
        [only] = [*causes, *measured]
        first = [head + Text(zh="：", en=". ") + only]
    else:
        first = [head + Text(zh="。", en="."), *causes, *measured]
    return [*first, _where(diagnosis.wrong[0], labels)]


RIGHT_NUMBERS = Text(
    zh="{name} 的数值都对，但动了不该动的东西。",
    en="{name}: the numbers are right, and something was changed that must stay as it is.",
)
LATER_CALLS = Text(
    zh="{name} 第一次调用的数值都对，但动了不该动的东西，之后的调用因此出错。",
    en="{name}: the numbers of a first call are right; something was changed that must stay as it is, "
    "and later calls go wrong because of it.",
)


def _first_of_each_array(wrong: Iterable[ComparedArray]) -> list[ComparedArray]:
    """The first compared of each array, in the order in which arrays are compared."""
    first: dict[str, ComparedArray] = {}
    for compared in wrong:
        first.setdefault(compared.array, compared)
    return sorted(first.values(), key=lambda s: s.trial.case.compared.index(s.array))


def _named(arrays: Iterable[str], labels: Labels) -> Text:
    return joined([labels.get(array, Text(zh=array, en=array)) for array in arrays], LIST)


def _causes(diagnosis: Diagnosis, labels: Labels) -> list[Text]:
    """Every mistake once, whatever the number of arrays that show it."""
    together: dict[tuple[Mistake, str], list[MatchedMistakes]] = {}
    met: dict[tuple[tuple[Mistake, ...], str], list[str]] = {}
    for match in diagnosis.matches:
        words = f"{match.factor:.6g}" if match.factor is not None else ""
        if match.are_combined:
            met.setdefault((match.mistakes, words), []).append(match.array)
        else:
            together.setdefault((match.mistakes[0], words), []).append(match)
    effects: dict[Mistake, list[str]] = {}
    for mistake, array in diagnosis.side_effects:
        effects.setdefault(mistake, []).append(array or "")
    return [
        *(_met(parts, factor, arrays) for (parts, factor), arrays in met.items()),
        *(
            _explained(mistake, [f.array for f in found], factor) + _remarks(found, diagnosis)
            for (mistake, factor), found in together.items()
        ),
        *(_of_effect(mistake, arrays) for mistake, arrays in effects.items()),
    ]


def _of_effect(mistake: Mistake, arrays: list[str]) -> Text:
    """A side effect, or what is about some arrays and does not speak of one."""
    told = _explained(mistake, arrays)
    if not any(arrays) or "{array}" in mistake.explanation.shows.en:
        return told
    names = Text(zh="、".join(arrays), en=_enumerated(arrays))
    return Text(zh="{names}：", en="{names}: ").format(names=names) + told


def _met(parts: tuple[Mistake, ...], factor: str, arrays: list[str]) -> Text:
    """Two mistakes that meet in an array, or in several: each as it would be told alone."""
    one, other = (_explained(part, arrays, factor) for part in parts)
    names = Text(zh="、".join(arrays), en=_enumerated(arrays))
    return Text(
        zh="{array} 里同时有两个错误。其一：{one}其二：{other}",
        en="Two mistakes meet in {array}. The first: {one} The second: {other}",
    ).format(array=names, one=one, other=other)


def _explained(mistake: Mistake, arrays: list[str], factor: str = "") -> Text:
    words = mistake.explanation
    names = Text(zh="、".join(arrays), en=_enumerated(arrays))
    shows = words.shows
    if len(arrays) > 1 and shows.en.startswith("{array} "):  # the catalogue speaks of one array
        shows = Text(zh=shows.zh, en="each of " + shows.en)
    told = [
        part.format(array=names, factor=factor) for part in (shows, words.because, words.look_at)
    ]
    return joined([sentence(part) for part in told], SPACE)


def _enumerated(names: list[str]) -> str:
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last


def sentence(text: Text) -> Text:
    """Start an English sentence with a capital, unless it starts with a name of the code's."""
    first = text.en.split(" ", 1)[0].rstrip(",")
    is_word = first in ENGLISH_BEGINNINGS
    return Text(zh=text.zh, en=text.en[:1].upper() + text.en[1:] if is_word else text.en)


ENGLISH_BEGINNINGS = frozenset(
    ("a", "an", "the", "what", "one", "other", "only", "every", "everything", "each", "in", "with",
     "without", "where", "after", "for", "you", "no", "all", "both", "when", "any", "some", "this",
     "that", "there", "it", "if", "here", "computing", "ordinary", "numbers", "at", "integers")
)  # fmt: skip
"""Words that begin sentences of the catalogue; anything else that is lower-case is a name."""


def _remarks(found: list[MatchedMistakes], diagnosis: Diagnosis) -> Text:
    """Where the array was found instead, and what these inputs cannot tell the mistake from."""
    remarks = []
    place = _other_place(found[0], diagnosis)
    if place is not None:
        remarks.append(
            Text(zh="（同样的数组在 {place} 里。）", en=" (The very array is in {place}.)").format(
                place=place
            )
        )
    others = list(dict.fromkeys(other.name for f in found for other in f.mistakes[1:]))
    if others:
        remarks.append(
            Text(
                zh="（这些数据还分不开它与：{others}。）",
                en=" (These inputs cannot tell it from: {others}.)",
            ).format(others=", ".join(others))
        )
    return joined(remarks, Text(zh="", en=""))


def _other_place(match: MatchedMistakes, diagnosis: Diagnosis) -> str | None:
    if match.mistakes[0].name != "gradient-stored-elsewhere":
        return None
    for trial in diagnosis.trials:
        received = trial.observed.values.get(match.array)
        name = received and elsewhere(trial, match.array, received)
        if name:
            return f"self.{name}"
    return None


def _all_measured(first: list[ComparedArray], diagnosis: Diagnosis, labels: Labels) -> list[Text]:
    """What was measured where no known mistake explains it: an observation, no accusation."""
    computed = [s for s in first if s.array in diagnosis.computed]
    alike: dict[Text, list[str]] = {}
    for compared in first:
        if compared not in computed:
            seen = [s for s in diagnosis.seen if s.array == compared.array]
            alike.setdefault(error_pattern(seen) or NOTHING_ELSE, []).append(compared.array)
    told = [_computed(computed, diagnosis, labels)] if computed else []
    return told + [
        UNEXPLAINED.format(label=_named(arrays, labels), structure=structure)
        for structure, arrays in alike.items()
    ]


def _computed(wrong: list[ComparedArray], diagnosis: Diagnosis, labels: Labels) -> Text:
    """What the arrays were found to be, and the question to ask: of a forward it is another one."""
    parts = [
        Text(
            zh="你的 {label} 在每个测试里都恰好等于 {expression}。",
            en="In every case your {label} is exactly {expression}.",
        ).format(label=_named([s.array], labels), expression=diagnosis.computed[s.array].text)
        for s in wrong
    ]
    is_forward = all(s.array in s.trial.case.outputs for s in wrong)
    return joined([*parts, OF_FORWARD if is_forward else OF_BACKWARD], SPACE)


OF_BACKWARD = Text(zh="从链式法则看，应当是这样吗？", en="Is that what the chain rule says?")
OF_FORWARD = Text(
    zh="forward 的公式应当是这样吗？模板里的 forward 是完整的。",
    en="Is that the forward that the level asks for? The template's is complete.",
)
UNEXPLAINED = Text(
    zh="{label} 与任何已知的错误都对不上；测到的规律：{structure}。",
    en="No known mistake explains {label}; what was measured: {structure}.",
)


NOTHING_ELSE = Text(zh="没有", en="nothing more")


def _where(first: ComparedArray, labels: Labels) -> Text:
    head = Text(
        zh="首先出现在第 {number} 个测试（{title}）：{label} ",
        en="First seen in case {number} ({title}): {label} ",
    ).format(
        number=first.trial.number,
        title=first.trial.case.title,
        label=_named([first.array], labels),
    )
    return head + _difference(first)


def _difference(first: ComparedArray) -> Text:
    difference = first.difference
    assert difference is not None
    place = "[" + ", ".join(map(str, difference.index or ())) + "]"
    array = first.received.array
    return DIFFERENCES[difference.reason].format(
        shape=difference.expected_shape,
        came=difference.received_shape,
        kind=first.received.type_name,
        dtype="" if array is None else array.dtype,
        wrong=difference.wrong_entries,
        entries=difference.entries,
        error="" if difference.error is None else f"{difference.error:.3g}",
        place=place if difference.index else Text(zh="唯一的数", en="the only entry"),
    )


DIFFERENCES: dict[str, Text] = {
    "missing": Text(
        zh="应当是形状为 {shape} 的数组，却没有。",
        en="should be an array of shape {shape}, and there is none.",
    ),
    "type": Text(
        zh="应当是形状为 {shape} 的数组，收到的是 {kind}。",
        en="should be an array of shape {shape}; received: {kind}.",
    ),
    "shape": Text(
        zh="的形状应当是 {shape}，收到的是 {came}。",
        en="should have shape {shape}; received {came}.",
    ),
    "dtype": Text(
        zh="应当是浮点数组，收到的 dtype 是 {dtype}。",
        en="should hold floating-point numbers; received dtype {dtype}.",
    ),
    "not-finite": Text(
        zh="里有 {wrong}/{entries} 个数不是有限数，第一个在 {place}。",
        en="is not finite in {wrong} of {entries} entries, first at {place}.",
    ),
    "value": Text(
        zh="有 {wrong}/{entries} 个数的误差超过 1e-5，最大误差 {error}，在 {place}。",
        en="is off by more than 1e-5 in {wrong} of {entries} entries; the largest error, {error}, "
        "is at {place}.",
    ),
}
"""What a difference is, by the check that failed."""


def _raised(diagnosis: Diagnosis, class_name: str) -> Text:
    assert diagnosis.raised is not None
    return exception_text(diagnosis.raised, class_name, diagnosis.raised_in)
