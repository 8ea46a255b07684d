"""Is an answer right against a reference, and which mistake is it?

Given a `Case` (inputs and a short script), what the reference computes for it, and an `Observation`
of what the code under test computed. Knows nothing of where that code ran.
"""
