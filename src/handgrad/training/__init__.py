"""Training for people: fit, history, checkpoints, data sets, saved networks."""
