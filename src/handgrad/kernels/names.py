"""The names that an engine's functions take, numbered as the compiled engine numbers them."""

from __future__ import annotations

from typing import Literal

Activation = Literal["none", "relu", "sigmoid"]
ACTIVATIONS: tuple[Activation, ...] = ("none", "relu", "sigmoid")

Rule = Literal["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"]
RULES: tuple[Rule, ...] = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")
