"""What a kernel sees that is handed an address and believes the array to be in row-major order."""

from __future__ import annotations

import torch


def as_a_kernel_reads(tensor: torch.Tensor, stride: tuple[int, ...] | None = None) -> torch.Tensor:
    """The numbers found at `tensor`'s address with the given strides instead of its own.

    Strides of a contiguous array by default. Where the memory ends a real kernel reads whatever
    lies there; here it reads NaN.
    """
    if stride is None:
        stride = torch.empty(tensor.shape, device="meta").stride()
    reach = 1 + sum((n - 1) * s for n, s in zip(tensor.shape, stride, strict=True))
    flat = torch.full((reach,), float("nan"), dtype=tensor.dtype)
    there = tensor.untyped_storage().nbytes() // tensor.element_size() - tensor.storage_offset()
    there = min(there, reach)
    flat[:there] = torch.as_strided(tensor.detach(), (there,), (1,), tensor.storage_offset())
    return torch.as_strided(flat, tensor.shape, stride).clone()
