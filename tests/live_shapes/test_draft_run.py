"""Drafts that run: in every level, in every encoding, in many threads, on every platform."""

from __future__ import annotations

import threading

import pytest
from support.answers import SOLUTION
from support.drafts import beside, draft

from handgrad.errors import SandboxError
from handgrad.live_shapes.draft_run import MAX_DRAFT_BYTES, LiveShaper, live_shapes
from handgrad.sandbox import Pool, pool, zygote


def test_both_activations_are_followed_and_one_does_not_stop_the_other(course, children):
    level = course.level("activations")
    wrong = level.solution.replace("(1.0 - self.out)", "(1.0 - self.outt)", 1)
    assert wrong != level.solution
    seen = live_shapes(level, wrong, pool=children)
    [error] = [one for one in seen.lines if one.state == "error"]
    assert "self.out" in error.detail.en
    assert max(one.line for one in seen.lines) > error.line
    assert "mask (4, 3) bool" in [one.text for one in seen.lines]
    assert live_shapes(level, level.solution, pool=children).stopped is None


def test_a_network_and_its_given_layers(course, children):
    level = course.level("three-layer-network")
    seen = live_shapes(level, level.solution, pool=children)
    assert seen.stopped is None
    assert seen.case.en == "B = 4, N = 3, H1 = 6, H2 = 2, M = 5"
    assert [one.text for one in seen.lines][-2:] == ["dx (4, 3)", "→ (4, 3)"]


def test_the_draft_s_own_layers_are_followed_in_a_network(course, children):
    level = course.level("three-layer-network")
    own = course.level("fully-connected").solution
    seen = live_shapes(level, level.solution + "\n\n" + own, pool=children)
    assert "(4, 3) · (3, 6) + (6,) → (4, 6)" not in [one.text for one in seen.lines]  # three layers
    [product] = [one for one in seen.lines if " + " in one.text]
    assert product.text.endswith("×3")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "FullyConnected"),
        ("import numpy as np\nx = np.ones((2, 3))\n", "FullyConnected"),
        ("class FullyConnected:\n    pass\n", "forward"),
        ("class FullyConnected:\n    def __init__(self):\n        self.x = 1\n", "forward"),
        (SOLUTION.replace("def forward(self, x)", "def forward(x)"), "forward"),
        ("x = 1 / 0\n", "ZeroDivisionError"),
        ("\x00", "line 1"),
        ("FullyConnected = 3", "FullyConnected"),
    ],
)  # fmt: skip
def test_a_file_that_has_no_such_class_yet(see, source, words):
    seen = see(source=source)
    assert words in seen.stopped.message.en
    assert seen.stopped.message.zh


def test_the_rest_of_the_file_is_followed_as_well(see):
    seen = see(source="import numpy as np\nx = np.ones((2, 3))\ny = x @ x\n")
    assert [(one.line, one.text) for one in seen.lines] == [
        (2, "x (2, 3)"), (3, "(2, 3) · (2, 3) ✗"),
    ]  # fmt: skip


def test_bytes_of_every_encoding(see):
    assert see(source=SOLUTION.encode("gbk")).stopped is None
    assert see(source=b"\xef\xbb\xbf" + SOLUTION.encode()).stopped is None
    assert see(source=SOLUTION.replace("\n", "\r\n")).stopped is None


def test_one_that_is_too_long_is_not_run(see):
    seen = see(source="#" * (MAX_DRAFT_BYTES + 1))
    assert "64 KB" in seen.stopped.message.en
    assert seen.lines == ()


def test_the_numbers_stay_the_same_from_run_to_run(see):
    first, second = see(source=SOLUTION), see(source=SOLUTION)
    assert first.lines == second.lines


def test_threads_share_a_pool(level, children):
    """Several learners type at once, and a judge takes children from the same pool."""
    faults, texts = [], []

    def work(number):
        try:
            for i in range(6):
                lines = (
                    ["while True: pass"]
                    if (number, i) == (0, 2)
                    else [f"dx = dout @ self.W.T * {i}"]
                )
                seen = shaper.shapes(level, draft(*lines))
                texts.append(beside(seen)[1])
        except BaseException as fault:
            faults.append(fault)

    with LiveShaper(children, at_once=3) as shaper:
        threads = [threading.Thread(target=work, args=(n,)) for n in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert faults == []
    assert len(texts) == 30
    assert sum("(4, 5) · (5, 3) → dx (4, 3)" in text for text in texts) == 29


def test_below_the_isolation_that_is_asked_for_nothing_runs(level, monkeypatch):
    monkeypatch.setattr(pool, "IS_POSSIBLE", False)
    with LiveShaper(minimum_isolation=2) as shaper, pytest.raises(SandboxError, match="level 2"):
        shaper.shapes(level, SOLUTION)


def test_a_child_that_is_started_for_itself_gives_the_same(level, children, monkeypatch):
    """As on Windows and macOS, where nothing can be forked."""
    expected = live_shapes(level, SOLUTION, pool=children)
    monkeypatch.setattr(pool, "IS_POSSIBLE", False)
    with Pool(expected=1) as started:
        assert live_shapes(level, SOLUTION, pool=started).lines == expected.lines


def test_another_zygote_takes_over_when_one_dies(level):
    if not zygote.IS_POSSIBLE:
        pytest.skip("there is no zygote here")
    with Pool(ahead=1) as kept:
        live_shapes(level, SOLUTION, pool=kept)
        kept._zygotes._current.close()
        assert live_shapes(level, SOLUTION, pool=kept).stopped is None
