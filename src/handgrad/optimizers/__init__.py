"""The optimizers: one update rule a file, on one flat parameter buffer."""

from handgrad.optimizers.adagrad import AdaGrad
from handgrad.optimizers.adam import Adam
from handgrad.optimizers.adamw import AdamW
from handgrad.optimizers.clipped import Clipped
from handgrad.optimizers.decayed import Decayed
from handgrad.optimizers.modified import Modified
from handgrad.optimizers.momentum import Momentum
from handgrad.optimizers.nesterov import Nesterov
from handgrad.optimizers.optimizer import Optimizer
from handgrad.optimizers.rmsprop import RMSprop
from handgrad.optimizers.sgd import SGD

__all__ = [
    "SGD",
    "AdaGrad",
    "Adam",
    "AdamW",
    "Clipped",
    "Decayed",
    "Modified",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSprop",
]
