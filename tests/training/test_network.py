"""`handgrad.Network`: the functions of `handgrad.training` as methods."""

from __future__ import annotations

import numpy as np
from support.training import classification, classifier

from handgrad import Network
from handgrad.network import LayerChain
from handgrad.training import evaluate, fit, predict


def test_the_methods_compute_what_the_functions_compute(rng, tmp_path):
    x, t = classification(rng)
    ours, theirs = classifier(), classifier()
    settings = {"validation": 0.2, "seed": 3}
    assert ours.fit(x, t, 3, 10, "momentum", **settings) == fit(
        theirs, x, t, 3, 10, "momentum", **settings
    )
    np.testing.assert_array_equal(ours.parameters, theirs.parameters)
    np.testing.assert_array_equal(ours.predict(x), predict(theirs, x))
    assert ours.evaluate(x, t) == evaluate(theirs, x, t)
    ours.save(tmp_path / "net")
    loaded = Network.load(tmp_path / "net")
    assert isinstance(loaded, LayerChain)
    np.testing.assert_array_equal(loaded.predict(x), ours.predict(x))
