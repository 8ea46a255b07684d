from __future__ import annotations

import math

from support.messages import raises

from handgrad.errors import MissingExtraError
from handgrad.training.optional_packages import require_package


def test_a_package_that_is_there():
    assert require_package("math", "train") is math


def test_a_package_that_is_missing_and_how_to_install_it():
    with raises(MissingExtraError, "no_such_package", "pip install 'handgrad[train]'"):
        require_package("no_such_package.part", "train")
