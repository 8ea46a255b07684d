"""The queue: what waits in the store, and who works on it. Knows nothing of the web."""
