"""Half-typed drafts: which lines are left out, and what stays."""

from __future__ import annotations

import ast

import pytest
from support.answers import SOLUTION

from handgrad.sandbox.child.answer.source import AnswerProblem
from handgrad.sandbox.child.draft.syntax_recovery import read_draft

START = "a = 1\n"
END = "\nz = 26\n"


def mended(text):
    """The source, where there is one, and the problem."""
    try:
        return read_draft(text.encode())
    except AnswerProblem as problem:
        return None, problem


@pytest.mark.parametrize(
    ("typed", "line", "kept"),
    [
        ("y = np.dot(a, ", 2, ["a", "z"]),
        ("y = a @", 2, ["a", "z"]),
        ("y = [1, 2", 2, ["a", "z"]),
        ("if a", 2, ["a", "z"]),
        ("if a:", 3, ["a", "z"]),
        ("for i in", 2, ["a", "z"]),
        ("y = 'text", 2, ["a", "z"]),
        ("  y = 1", 2, ["a", "z"]),
        ("def f(self, dout):\n    y = (\nw = 3", 3, ["a", "w", "z"]),
        ("for i in ran\n    y = 1", 2, ["a", "z"]),
        ("y = 1）", 2, ["a", "z"]),
    ],
)
def test_the_other_lines_are_kept(typed, line, kept):
    source, problem = read_draft((START + typed + END).encode())
    assert problem.kind == "syntax-error"
    assert problem.line == line
    names = [n.targets[0].id for n in source.tree.body if isinstance(n, ast.Assign)]
    assert names == kept
    assert source.text == START + typed + END


def test_a_whole_file_is_read_as_it_is():
    source, problem = read_draft(SOLUTION.encode())
    assert problem is None
    assert ast.dump(source.tree) == ast.dump(ast.parse(SOLUTION))


def test_every_beginning_of_the_solution_can_be_read_or_is_named(rng):
    """A draft is typed character by character: no beginning of it may be more than a problem."""
    body = SOLUTION.index("        ########## Begin")
    readable = 0
    lengths = rng.integers(0, len(SOLUTION), 300)
    for length in lengths:
        source, problem = mended(SOLUTION[:length])
        assert problem is None or problem.kind == "syntax-error"
        if source is not None:
            readable += 1
            assert length < body or any(isinstance(n, ast.ClassDef) for n in source.tree.body)
    assert readable > 200


@pytest.mark.parametrize("text", ["(" * 50, "\n".join("(" * 30), "\t x\n  y\n\tz\n ((", ")"])
def test_what_cannot_be_mended_is_the_first_problem(text):
    assert mended(text)[1].kind == "syntax-error"


def test_an_encoding_is_no_matter_of_lines():
    with pytest.raises(AnswerProblem) as raised:
        read_draft(b"x = '\xff\xfe\xfa'\n\x80(")
    assert raised.value.kind in ("encoding-error", "syntax-error")
