"""Adapters that present each kind of code as a `CodeUnderTest`. Start at ``adapter_selection.py``."""
