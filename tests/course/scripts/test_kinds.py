from __future__ import annotations

from handgrad.course.scripts import GUARDED, TITLES


def test_every_kind_has_a_title_of_its_own_in_both_languages() -> None:
    for language in ("zh", "en"):
        titles = [title[language] for title in TITLES.values()]
        assert all(titles)
        assert len(set(titles)) == len(titles)


def test_only_dout_may_be_changed_without_a_wrong_verdict() -> None:
    assert {n for n, match in GUARDED.items() if match == "dout-changed"} == {"dout"}
