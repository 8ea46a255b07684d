"""Matrices as text: columns line up, and what does not fit goes into a new row."""

from __future__ import annotations

from rich.cells import cell_len

from handgrad.cli.matrix_text import matrix_lines, shape_of


def test_arrays_stand_side_by_side_while_there_is_room():
    arrays = {"x": [[1, -20], [3, 4]], "b": [5, 6]}
    assert list(matrix_lines(arrays, 40)) == ["x = [ 1  -20 ]   b = [ 5  6 ]", "    [ 3    4 ]"]
    assert list(matrix_lines(arrays, 20)) == ["x = [ 1  -20 ]", "    [ 3    4 ]", "b = [ 5  6 ]"]


def test_a_chinese_name_moves_its_rows_by_its_width():
    first, second = matrix_lines({"正确的 x": [[1], [2]]}, 40)
    assert cell_len(first[: first.index("[")]) == cell_len(second[: second.index("[")])


def test_what_is_no_matrix():
    assert list(matrix_lines({"l": 3, "n": None, "e": []}, 60)) == ["l = 3   n = —   e = []"]
    assert list(matrix_lines({"a": [[[1]], [[2]]]}, 60)) == ["a = [ 1 ]", "", "    [ 2 ]"]


def test_shapes_of_nested_lists():
    assert shape_of([[1, 2, 3]]) == (1, 3)
    assert shape_of([]) == (0,)
    assert shape_of(1) == ()
