from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from handgrad.cli.line_wrapping import NEVER_FIRST, wrapped_lines

TEXTS = st.text(st.sampled_from("ab cde 甲乙丙，。（）：x∂ᵀ1./"), max_size=120)


@given(TEXTS, st.integers(4, 60))
def test_nothing_is_lost_and_no_line_is_too_wide(text, width):
    lines = list(wrapped_lines(text, width))
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(cell_len(line) <= width for line in lines)
    assert all(line == line.rstrip() for line in lines)


@pytest.mark.parametrize("width", range(10, 60))
def test_no_line_begins_with_closing_punctuation(width):
    text = "第一次调用是对的，第二次的 dW 里还加着第一次的梯度。每次 backward 得到的是（当前）这一批的梯度，训练循环每步都会调用它。"
    lines = list(wrapped_lines(text, width))
    assert not any(line[0] in NEVER_FIRST for line in lines)
    assert all(cell_len(line) > width - 12 for line in lines[:-1]), "lines are filled"
