"""The attacks are on Linux: elsewhere their files cannot even be imported."""

from __future__ import annotations

import sys

collect_ignore_glob = [] if sys.platform == "linux" else ["*"]
