"""Loss and accuracy of more samples than are computed at once."""

from __future__ import annotations

import numpy as np
import pytest
from support.training import classification, classifier, regression, regressor

from handgrad.training.evaluation import ROWS, evaluate, predict

pytestmark = pytest.mark.usefixtures("engine")


@pytest.mark.parametrize("count", [1, 90, ROWS, 2 * ROWS + 7])
def test_the_same_as_all_at_once(rng, count):
    x, t = classification(rng, count)
    net = classifier()
    found = evaluate(net, x, t)
    z = net.forward(x).copy()
    np.testing.assert_allclose(predict(net, x), z, atol=1e-12)
    assert found.loss == pytest.approx(net.loss.forward(z, t), rel=1e-12)
    assert found.accuracy == pytest.approx(np.mean(z.argmax(axis=1) == t))
    assert (found.wrong, found.count) == (int((z.argmax(axis=1) != t).sum()), count)
    assert evaluate(net, x, np.eye(3)[t]).wrong == found.wrong


def test_a_regression_has_no_accuracy(rng):
    x, t = regression(rng, 30)
    net = regressor()
    found = evaluate(net, x, t)
    assert found.loss == pytest.approx(float(np.mean((net.forward(x) - t) ** 2)), rel=1e-12)
    assert (found.accuracy, found.wrong) == (None, None)


def test_the_network_s_dtype_is_kept(rng):
    x, _ = classification(rng, 5)
    assert predict(classifier(np.float32), x).dtype == np.float32


def test_what_is_predicted_stays(rng):
    x, _ = classification(rng, 5)
    net = classifier()
    first = predict(net, x)
    kept = first.copy()
    predict(net, x + 1)
    np.testing.assert_array_equal(first, kept)
