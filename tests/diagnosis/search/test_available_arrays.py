from __future__ import annotations

import numpy as np
from support.made_trials import made_trial

from handgrad.diagnosis.search.available_arrays import as_matrix, quantities, works_entry_by_entry


def of_a_layer(rng, x_shape=(2, 3, 2), **inputs):
    given = {"x": rng.normal(size=x_shape), "W": np.ones((6, 4)), "x_earlier": np.ones((5, 6))}
    y = rng.normal(size=(2, 4))
    return made_trial(1, {"y": y}, {}, inputs=given | inputs, outputs=("y",))


def of_an_activation(rng):
    x, y = rng.normal(size=(2, 2, 3, 2))
    inputs = {"x": x, "dout": x, "x_other": x, "dout_again": x}
    return made_trial(1, {"y": y}, {}, inputs=inputs, outputs=("y",))


def test_a_layer_with_parameters_does_not_work_entry_by_entry(rng):
    assert works_entry_by_entry(of_an_activation(rng))
    assert not works_entry_by_entry(of_a_layer(rng))
    assert not works_entry_by_entry(made_trial(1, {}, {}, inputs={"dout": np.ones(2)}))


def test_the_arrays_of_the_compared_call_flattened_as_the_layer_does(rng):
    trial = of_a_layer(rng, label="cat")
    found = quantities(trial)
    assert {name: value.shape for name, value in found.items()} == {
        "x": (2, 6), "W": (6, 4), "y": (2, 4),
    }  # fmt: skip
    np.testing.assert_array_equal(found["x"], trial.case.inputs["x"].reshape(2, 6))


def test_the_output_of_an_activation_is_called_out(rng):
    trial = of_an_activation(rng)
    found = quantities(trial)
    assert list(found) == ["x", "dout", "out"]
    np.testing.assert_array_equal(found["out"], trial.expected["y"])


def test_an_empty_array_keeps_its_shape(rng):
    assert as_matrix(np.ones((0, 3, 2)), of_a_layer(rng)).shape == (0, 3, 2)
