"""The smallest case that still fails, small enough for pencil and paper."""
