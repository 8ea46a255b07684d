"""The kernels by name, and the engine that computes them."""

from __future__ import annotations

import pytest
from support.messages import raises

from handgrad import kernels
from handgrad.errors import EngineError
from handgrad.kernels import numpy_in_place, numpy_kernels


def test_the_names_are_those_of_the_numpy_engine():
    assert "affine" in kernels.RETURNING
    assert "update" in kernels.IN_PLACE
    for module, names in ((numpy_kernels, kernels.RETURNING), (numpy_in_place, kernels.IN_PLACE)):
        assert all(callable(getattr(module, name)) for name in names)
    assert not {name for name in kernels.RETURNING + kernels.IN_PLACE if name.startswith("_")}


def test_the_engine_is_changed_and_changed_back():
    before = kernels.engine().name
    assert kernels.use_engine("numpy") == before
    assert kernels.engine().name == "numpy"
    assert kernels.affine is numpy_kernels.affine
    assert kernels.update is numpy_in_place.update
    assert kernels.use_engine(before) == "numpy"


def test_an_unknown_engine_changes_nothing():
    before = kernels.engine()
    with raises(EngineError, "'cuda'"):
        kernels.use_engine("cuda")
    assert kernels.engine() is before


@pytest.mark.usefixtures("engine")
def test_every_name_is_bound_to_the_engine_in_use():
    for name in kernels.RETURNING + kernels.IN_PLACE:
        assert getattr(kernels, name) is kernels.engine().kernel(name)
