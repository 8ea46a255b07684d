"""What breaks kernels: memory that is laid out otherwise, and sizes around the edges of tiles.

The values of an array say nothing of how it lies in memory. A backward that reads memory in
order, or in tiles of 32, is right on the contiguous arrays of ordinary tests and wrong in a network.
"""
