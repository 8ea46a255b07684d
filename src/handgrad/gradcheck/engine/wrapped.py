"""A subject seen through another: the same code, otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from handgrad.gradcheck.engine.subject import Live, Point, Subject


@dataclass(frozen=True, eq=False)
class Wrapped:
    """Whatever a subclass does not say is as `inner` says it."""

    inner: Subject

    @property
    def name(self) -> str:
        """As the subject's."""
        return self.inner.name

    @property
    def point(self) -> Point:
        """As the subject's."""
        return self.inner.point

    @property
    def gradient_names(self) -> Mapping[str, str]:
        """As the subject's."""
        return self.inner.gradient_names

    @property
    def parameters(self) -> tuple[str, ...]:
        """As the subject's."""
        return self.inner.parameters

    @property
    def beside(self) -> Point:
        """As the subject's."""
        return self.inner.beside

    def moved(self, point: Point, beside: Point) -> Self:
        """The same view of the code elsewhere."""
        return replace(self, inner=self.inner.moved(point, beside))

    @property
    def dtype(self) -> str:
        """As the subject's."""
        return self.inner.dtype

    @property
    def stateful(self) -> bool:
        """As the subject's."""
        return self.inner.stateful

    @property
    def source_files(self) -> tuple[str, ...]:
        """As the subject's."""
        return self.inner.source_files

    def live(self) -> Live:
        """A fresh instance."""
        return self.inner.live()


@dataclass(frozen=True, eq=False)
class Elsewhere(Wrapped):
    """The same code at another point."""

    at: Point

    @property
    def point(self) -> Point:
        """The other point."""
        return self.at

    def computing_in(self, dtype: str) -> Elsewhere | None:
        """The same code given arrays of another type."""
        other = self.inner.computing_in(dtype)
        if other is None:
            return None
        return Elsewhere(other, {n: a.astype(other.point[n].dtype) for n, a in self.at.items()})
