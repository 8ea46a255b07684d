"""What other processes do, for tests that count them."""

from __future__ import annotations

from typing import Any

import pytest


def psutil_or_skip() -> Any:
    """psutil, or a skip: on Linux it needs the module `resource`, which a test run may take away."""
    try:
        import psutil  # noqa: PLC0415 -- not there in every run of the suite
    except ImportError as error:
        pytest.skip(f"psutil cannot be imported here: {error}")
    return psutil
