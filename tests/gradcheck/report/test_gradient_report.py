from __future__ import annotations

import json

import numpy as np
from support.planted import Affine

from handgrad import Relu, Vjp, check

wrong = Vjp(np.tanh, lambda dout, x: -dout, name="tanh")


def test_only_right_is_true(rng):
    x = rng.normal(size=(3, 4))
    assert check(Relu(), x)
    assert not check(wrong, x)
    assert not check(Relu(), np.zeros((3, 4)))


def test_it_is_plain_json(rng):
    x = rng.normal(size=(3, 4))
    reports = (check(Affine.drawn(rng, 4), x), check(wrong, x), check(Relu(), 0 * x))
    told = [json.loads(json.dumps(report.to_json(), allow_nan=False)) for report in reports]
    assert [one["verdict"] for one in told] == ["right", "wrong", "cannot-tell"]
    assert all(set(one) == set(told[0]) for one in told)


def test_it_speaks_both_languages(rng):
    report = check(wrong, rng.normal(size=(3, 4)), seed=5)
    assert report.text("en").startswith("tanh: wrong (dx)")
    assert report.text("zh").startswith("tanh：错误（dx）")
    for language in ("en", "zh"):
        assert "{" not in report.text(language)
        assert "seed 5" in report.text("en") and "种子 5" in report.text("zh")
