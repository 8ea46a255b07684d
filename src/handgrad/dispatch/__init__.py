"""The judging queue: which answers wait in the store, and which worker judges them. Without HTTP."""
