"""The data sets: the UCI digits in the package, MNIST and Fashion-MNIST from a folder or downloaded."""

from handgrad.training.datasets.arrays_file import from_npz
from handgrad.training.datasets.data_set import DataSet
from handgrad.training.datasets.digits import digits, digits_folds
from handgrad.training.datasets.idx import read_idx
from handgrad.training.datasets.mnist import fashion_mnist, mnist

__all__ = ["DataSet", "digits", "digits_folds", "fashion_mnist", "from_npz", "mnist", "read_idx"]
