"""A torch Function whose backward works in tiles of 16 and forgets incomplete tiles.

    pip install "handgrad[torch]" pytest
    pytest examples/checks

The test is meant to fail: handgrad finds the mistake.
"""

import torch

import handgrad

TILE = 16


class TiledProduct(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, W):
        ctx.save_for_backward(x, W)
        return x @ W

    @staticmethod
    def backward(ctx, dout):
        x, W = ctx.saved_tensors
        dW = torch.zeros_like(W)
        for i in range(W.shape[0] // TILE):
            for j in range(W.shape[1] // TILE):
                rows, columns = slice(i * TILE, (i + 1) * TILE), slice(j * TILE, (j + 1) * TILE)
                dW[rows, columns] = x[:, rows].T @ dout[:, columns]
        return dout @ W.T, dW


def test_tiled_product(handgrad_seed):
    torch.manual_seed(handgrad_seed)
    x = torch.randn(4, 20, dtype=torch.float64)
    W = torch.randn(20, 24, dtype=torch.float64)
    handgrad.assert_backward(TiledProduct, x, W)
