"""Conditions under which a backward pass that is right in its own tests may be wrong.

Other memory layouts, other sizes, memory that was never written, exact zeros and large numbers. A
kernel that reads memory in order, or in tiles of 32, is right on the contiguous arrays of ordinary
tests and wrong in a network.
"""
