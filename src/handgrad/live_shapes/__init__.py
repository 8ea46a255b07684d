"""The shape of every intermediate of a draft, beside its line, as it is typed. Gives no verdict."""

from handgrad.live_shapes.draft_run import (
    DRAFT_LIMITS,
    DRAFTS_AT_ONCE,
    LiveShaper,
    LiveShapes,
    live_shapes,
)

__all__ = ["DRAFTS_AT_ONCE", "DRAFT_LIMITS", "LiveShaper", "LiveShapes", "live_shapes"]
