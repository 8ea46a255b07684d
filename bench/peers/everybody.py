"""Every peer, by the name it has in the tables."""

from __future__ import annotations

from peers.differences import CentralDifferenceLoop, Numdifftools
from peers.handgrad_check import HandgradCheck
from peers.hips_check_grads import CheckGrads as HipsCheckGrads
from peers.jax_check_grads import CheckGrads as JaxCheckGrads
from peers.task import Peer
from peers.torch_gradcheck import Gradcheck


def peers() -> list[Peer]:
    """In the order of the tables' columns."""
    return [
        HandgradCheck(),
        Gradcheck(fast=False),
        Gradcheck(fast=True),
        JaxCheckGrads(),
        HipsCheckGrads(),
        Numdifftools(),
        CentralDifferenceLoop(),
    ]
