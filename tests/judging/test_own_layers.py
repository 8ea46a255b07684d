"""A learner's own layers, passed in earlier levels, serve in the network."""

import dataclasses

import pytest

from handgrad.dispatch.own_layers import own_layers
from handgrad.judging import Answer, Judge
from handgrad.judging.answer_run import AnswerRun
from handgrad.sandbox import DEFAULT_LIMITS
from handgrad.store.learner_progress import PassedClass


@pytest.fixture
def network(course):
    return course.level("three-layer-network")


def loud(source, word="mine"):
    """The same, printing wherever forward begins."""
    first = "    def forward(self, x):\n"
    assert first in source
    return source.replace(first, f"{first}        print({word!r})\n").encode()


@pytest.fixture
def passed(course):
    affine = loud(course.level("fully-connected").solution, "affine")
    activations = loud(course.level("activations").solution, "activation")
    return [
        PassedClass("activations", "Relu", activations),
        PassedClass("activations", "Sigmoid", activations),
        PassedClass("fully-connected", "FullyConnected", affine),
    ]


def judged(judge, network, answer):
    """The verdicts of an answer, with the own layers that it brings."""
    alone = dataclasses.replace(answer, own_layers=())
    return judge.judge(network, alone, load_own_layers=lambda: answer.own_layers)


def answered(network, passed, source=None):
    text = network.solution if source is None else source
    return Answer("network.py", text.encode(), own_layers(network, passed))


def test_the_network_runs_on_them(judge, network, passed):
    [verdict] = judged(judge, network, answered(network, passed))
    assert verdict.verdict == "pass"
    assert "affine" in verdict.printed
    assert "activation" in verdict.printed
    assert "FullyConnected" in verdict.message.en
    assert "你自己写的" in verdict.message.zh


def test_those_that_are_missing_come_from_the_level(judge, network, passed):
    [verdict] = judged(judge, network, answered(network, passed[-1:]))
    assert verdict.verdict == "pass"
    assert "activation" not in verdict.printed


def test_a_class_in_the_same_file_goes_before_one_that_is_stored(judge, network, course, passed):
    same_file = loud(course.level("fully-connected").solution, "here").decode()
    [verdict] = judged(judge, network, answered(network, passed, same_file + network.solution))
    assert verdict.verdict == "pass"
    assert "here" in verdict.printed
    assert "affine" not in verdict.printed


def test_a_layer_that_fails_in_a_network_does_not_make_the_network_wrong(judge, network):
    """It passes its own level: writing into dout is legal there, and breaks what comes before."""
    breaking = b"class Relu:\n    def forward(self, x):\n        return x * 0\n    def backward(self, dout):\n        return dout * 0\n"
    answer = answered(network, [PassedClass("activations", "Relu", breaking)])
    [verdict] = judged(judge, network, answer)
    assert verdict.verdict == "pass"
    assert "warnings" in verdict.message.en


@pytest.mark.parametrize("source", [b"raise ValueError", b"\xff\xfe\x00", b"x = (", b"Relu = 3"])
def test_a_stored_file_that_no_longer_loads_gives_way_to_the_levels_own(judge, network, source):
    answer = answered(network, [PassedClass("activations", "Relu", source)])
    [verdict] = judged(judge, network, answer)
    assert verdict.verdict == "pass"


def test_a_wrong_network_is_told_as_if_it_had_been_alone(judge, network, passed):
    [planted] = [one for one in network.wrong_answers if one.path.name == "divides_by_batch.py"]
    source = planted.source.decode()
    [with_own] = judged(judge, network, answered(network, passed, source))
    [alone] = judge.judge(network, Answer("network.py", planted.source))
    assert with_own.verdict == alone.verdict == "wrong"
    assert with_own.mistakes == alone.mistakes
    assert with_own.message == alone.message


def test_own_layers_are_asked_for_only_where_they_can_serve(judge, course, network):
    def never():
        raise AssertionError("asked")

    level = course.level("fully-connected")
    [right] = judge.judge(level, Answer("a.py", level.solution.encode()), load_own_layers=never)
    assert right.verdict == "pass"
    wrong = next(one for one in network.wrong_answers if one.verdict == "wrong")
    [not_right] = judge.judge(network, Answer("a.py", wrong.source), load_own_layers=never)
    assert not_right.verdict == "wrong"


def test_it_makes_no_difference_whether_the_child_can_run_again(
    judge, network, passed, monkeypatch
):
    """Asked again in its own child, or run afresh where that has come to its end."""
    answer = answered(network, passed)
    [in_its_child] = judged(judge, network, answer)
    monkeypatch.setattr(AnswerRun, "can_run_again", property(lambda _: False))
    [afresh] = judged(judge, network, answer)
    own_time = dataclasses.replace(afresh, milliseconds=in_its_child.milliseconds)
    assert own_time == in_its_child
    assert "affine" in afresh.printed


def test_own_layers_of_an_answer_reach_no_other_answer(judge, network, passed):
    judged(judge, network, answered(network, passed))
    [verdict] = judged(judge, network, answered(network, []))
    assert verdict.printed == ""


def test_own_layers_that_take_too_long_leave_the_pass(network, course):
    endless = b"class Relu:\n    def __init__(self):\n        while True: pass\n"
    limits = dataclasses.replace(DEFAULT_LIMITS, processor_seconds=0.5)
    with Judge(seed=1, course=course, limits=limits) as impatient:
        answer = answered(network, [PassedClass("activations", "Relu", endless)])
        [verdict] = judged(impatient, network, answer)
        assert verdict.verdict == "pass"
        assert "With your own Relu it fails" in verdict.message.en
        [next_one] = judged(impatient, network, answered(network, []))
        assert next_one.verdict == "pass"
