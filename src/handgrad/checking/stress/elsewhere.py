"""A subject somewhere else than where it was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handgrad.checking.numeric.subject import Live, Point, Subject


@dataclass(frozen=True, eq=False)
class Elsewhere:
    """A subject at another point, of other shapes perhaps; all else is the subject's own."""

    subject: Subject
    point: Point

    @property
    def name(self) -> str:
        """The subject's."""
        return self.subject.name

    @property
    def gradient_names(self) -> Mapping[str, str]:
        """The subject's."""
        return self.subject.gradient_names

    @property
    def dtype(self) -> str:
        """The subject's."""
        return self.subject.dtype

    @property
    def stateful(self) -> bool:
        """The subject's."""
        return self.subject.stateful

    @property
    def source_files(self) -> tuple[str, ...]:
        """The subject's."""
        return self.subject.source_files

    def live(self) -> Live:
        """A fresh instance."""
        return self.subject.live()

    def computing_in(self, dtype: str) -> Elsewhere | None:
        """The subject in another type, at this point."""
        other = self.subject.computing_in(dtype)
        if other is None:
            return None
        types = {name: array.dtype for name, array in other.point.items()}
        return Elsewhere(other, {name: a.astype(types[name]) for name, a in self.point.items()})
