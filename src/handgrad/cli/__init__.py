"""The command line: thin. One file a command; `rendering` draws verdicts, `console` speaks."""

from handgrad.cli.application import main

__all__ = ["main"]
