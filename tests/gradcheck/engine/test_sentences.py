from __future__ import annotations

import pytest

from handgrad.gradcheck.engine import sentences
from handgrad.languages import Text

ALL = {name: text for name, text in vars(sentences).items() if isinstance(text, Text)}


@pytest.mark.parametrize("name", [name for name in ALL if name != "DIRECTIONS"])
def test_a_reason_is_a_whole_sentence_in_both_languages(name):
    text = ALL[name]
    assert text["en"][0].isupper() or text["en"][0] == "{"
    assert text["en"].endswith(".")
    assert text["zh"].endswith("。")


def test_the_place_of_an_output_follows_the_word():
    text = sentences.nondifferentiable(2, 12, (1, (2, 3)))
    assert "output 1 [2, 3]" in text["en"]
    assert "2 of 12" in text["en"]
