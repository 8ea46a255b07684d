"""The command line: one module per command, with no rules of its own."""

from handgrad.cli.application import main

__all__ = ["main"]
