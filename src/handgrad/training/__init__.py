"""Training: fit, history, checkpoints, data sets, saved networks.

The estimators for scikit-learn are in `handgrad.training.estimators`, the export to ONNX in
`handgrad.training.onnx_export`: both need the extra ``[train]``.
"""

from handgrad.training.early_stopping import EarlyStopping
from handgrad.training.evaluation import Evaluation, evaluate, predict
from handgrad.training.fitting import fit
from handgrad.training.history import Epoch, History
from handgrad.training.keyboard_interrupt import TrainingInterrupted
from handgrad.training.label_smoothing import smoothed
from handgrad.training.multilayer_perceptron import multilayer
from handgrad.training.network import Network
from handgrad.training.progress import Position, Watcher
from handgrad.training.schedules import (
    Constant,
    Cosine,
    Exponential,
    Linear,
    Schedule,
    StepDecay,
    WarmUp,
)

__all__ = [
    "Constant",
    "Cosine",
    "EarlyStopping",
    "Epoch",
    "Evaluation",
    "Exponential",
    "History",
    "Linear",
    "Network",
    "Position",
    "Schedule",
    "StepDecay",
    "TrainingInterrupted",
    "WarmUp",
    "Watcher",
    "evaluate",
    "fit",
    "multilayer",
    "predict",
    "smoothed",
]
