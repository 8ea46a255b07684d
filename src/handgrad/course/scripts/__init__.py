"""The standard cases of a layer with parameters and of one that works entry by entry.

A level's ``cases.py`` is short because these cover what every level of its kind must cover.
"""

from handgrad.course.scripts.elementwise_layer import (
    draft_elementwise_layer,
    elementwise_layer,
    large_elementwise_layer,
    small_elementwise_layer,
)
from handgrad.course.scripts.kinds import GUARDED, TITLES
from handgrad.course.scripts.layer_with_parameters import (
    draft_layer_with_parameters,
    large_layer_with_parameters,
    layer_with_parameters,
    small_layer_with_parameters,
)

__all__ = [
    "GUARDED",
    "TITLES",
    "draft_elementwise_layer",
    "draft_layer_with_parameters",
    "elementwise_layer",
    "large_elementwise_layer",
    "large_layer_with_parameters",
    "layer_with_parameters",
    "small_elementwise_layer",
    "small_layer_with_parameters",
]
