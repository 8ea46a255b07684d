"""The table of limits agrees with the wire, with the verdicts and with the docs."""

from __future__ import annotations

import dataclasses
import math
import re
import typing
from pathlib import Path

import pytest

from handgrad.diagnosis.verdict_names import VERDICTS, VerdictName
from handgrad.judging.failure_verdicts import verdict_of_ending
from handgrad.languages import LANGUAGES
from handgrad.sandbox import DEFAULT_LIMITS, Ended, Ending, Limits
from handgrad.sandbox.limits import LIMITS, Limit, LimitVerdict, exceeded_limit
from handgrad.sandbox.protocol.frames import LimitFields

DOCS = Path(__file__).parents[2] / "docs"
WITH_A_VERDICT = [limit for limit in LIMITS if limit.verdict is not None]


def test_every_limit_is_sent_to_the_child():
    assert DEFAULT_LIMITS.for_child() == dataclasses.asdict(DEFAULT_LIMITS)
    assert set(LimitFields.__annotations__) == {limit.name for limit in LIMITS}


def test_every_limit_of_a_verdict_has_a_message():
    verdicts = {limit.verdict for limit in WITH_A_VERDICT}
    assert verdicts == set(typing.get_args(LimitVerdict)) <= set(typing.get_args(VerdictName))
    assert len({(limit.verdict, limit.detail) for limit in WITH_A_VERDICT}) == len(WITH_A_VERDICT)


@pytest.mark.parametrize("limit", WITH_A_VERDICT, ids=lambda limit: limit.name)
def test_an_ending_gives_the_verdict_and_the_message_of_its_limit(limit: Limit):
    ended = Ended(Ending(limit.verdict), limit.detail)
    limits = dataclasses.replace(DEFAULT_LIMITS, memory_bytes=7 << 20, printed_bytes=7 << 10)
    given = verdict_of_ending(ended, "Relu", limits)
    assert given.verdict == limit.verdict
    assert exceeded_limit(limit.verdict, limit.detail) is limit
    for language in LANGUAGES:
        assert "Relu" in given.message[language]
        assert limit.shown(limits)[language] in given.message[language]


@pytest.mark.parametrize("limit", WITH_A_VERDICT, ids=lambda limit: limit.name)
def test_the_docs_give_its_default(limit: Limit):
    shown = limit.shown(DEFAULT_LIMITS)
    for language in LANGUAGES:
        assert shown[language] in VERDICTS[limit.verdict].meaning[language]
    assert shown.en in (DOCS / "reference" / "names.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_a_value_outside_its_range_is_refused(limit: Limit):
    with pytest.raises(ValueError, match=re.escape(limit.name)):
        Limits(**{limit.name: limit.smallest - 1})
    with pytest.raises(ValueError, match=re.escape(limit.name)):
        Limits(**{limit.name: math.nan})
    if math.isfinite(limit.largest):
        with pytest.raises(ValueError, match=re.escape(limit.name)):
            Limits(**{limit.name: limit.largest + 1})
    assert getattr(Limits(**{limit.name: limit.smallest}), limit.name) == limit.smallest
