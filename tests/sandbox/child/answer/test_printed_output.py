"""Printed text is sent at once and in whole characters, up to the limit, which ends the process."""

from __future__ import annotations

import pytest

from handgrad.sandbox.child.answer import printed_output
from handgrad.sandbox.child.answer.printed_output import PrintedOutput, discarded_output


class EndOfProcess(BaseException):
    pass


@pytest.fixture
def sent(monkeypatch):
    def end(status):
        raise EndOfProcess(status)

    monkeypatch.setattr(printed_output.os, "_exit", end)
    return []


def test_text_up_to_the_limit_is_sent(sent):
    output = PrintedOutput(sent.append, 5)
    assert output.write("ab") == 2
    assert output.write("") == 0
    assert output.write("cde") == 3
    assert sent == [{"frame": "printed", "text": "ab"}, {"frame": "printed", "text": "cde"}]


def test_one_byte_more_ends_the_process(sent):
    output = PrintedOutput(sent.append, 4)
    with pytest.raises(EndOfProcess):
        output.write("a字字")
    assert sent == [{"frame": "printed", "text": "a字"}, {"frame": "output-limit"}]


def test_only_text_can_be_written(sent):
    with pytest.raises(TypeError, match="must be str, not bytes"):
        PrintedOutput(sent.append, 4).write(b"x")
    PrintedOutput(sent.append, 99).write("\ud800")
    assert sent == [{"frame": "printed", "text": "\\ud800"}]


def test_discarded_output_has_no_limit(sent):
    assert discarded_output().write("x" * 10**6) == 10**6
