"""`handgrad.check`: decides whether a backward pass is right, without a reference. Start at ``check.py``."""
