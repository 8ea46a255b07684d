"""Wrappers of a subject that change one aspect of it, for example its input point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from handgrad.gradcheck.engine.code_under_test import CodeUnderTest, Instance, Library, Point


@dataclass(frozen=True, eq=False)
class CodeWrapper:
    """Passes everything on to `inner` that a subclass does not override."""

    inner: CodeUnderTest

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
    def fixed_arrays(self) -> Point:
        """As the subject's."""
        return self.inner.fixed_arrays

    def with_arrays(self, point: Point, fixed_arrays: Point) -> Self:
        """The same wrapper around the code with other arrays."""
        return replace(self, inner=self.inner.with_arrays(point, fixed_arrays))

    @property
    def dtype(self) -> str:
        """As the subject's."""
        return self.inner.dtype

    @property
    def library(self) -> Library:
        """As the subject's."""
        return self.inner.library

    @property
    def stateful(self) -> bool:
        """As the subject's."""
        return self.inner.stateful

    @property
    def source_files(self) -> tuple[str, ...]:
        """As the subject's."""
        return self.inner.source_files

    def new_instance(self) -> Instance:
        """A fresh instance."""
        return self.inner.new_instance()


@dataclass(frozen=True, eq=False)
class AtOtherPoint(CodeWrapper):
    """The same code at another input point."""

    at: Point

    @property
    def point(self) -> Point:
        """The other input point."""
        return self.at

    def computing_in(self, dtype: str) -> AtOtherPoint | None:
        """The same code with arrays of another type."""
        other = self.inner.computing_in(dtype)
        if other is None:
            return None
        return AtOtherPoint(other, {n: a.astype(other.point[n].dtype) for n, a in self.at.items()})
