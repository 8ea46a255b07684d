"""`handgrad.check`: is a backward pass right, with no reference at hand? Start reading at `check`."""
