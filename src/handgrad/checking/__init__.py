"""Is this backward pass right? Knows nothing of where the code under test runs.

A check is given a `Case` (inputs and a short script), what the reference
computes for it, and an `Observation` of what the code under test computed.
"""
