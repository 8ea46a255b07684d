"""What a page weighs, and that it comes from this machine alone."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright.sync_api")

KIB = 1024
FIRST_PAGE = 150 * KIB
WITH_FONTS = 230 * KIB


def weighed(browsing, address):
    """The bytes of a first visit as they came over the wire, by kind."""
    context = browsing.context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    kinds, sizes = {}, {}
    session.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
    session.on(
        "Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]})
    )
    page.goto(address)
    page.wait_for_selector("html[data-ready]", state="attached")
    page.wait_for_load_state("networkidle")
    parts = dict.fromkeys(("Document", "Script", "Stylesheet", "Font"), 0)
    for request, kind in kinds.items():
        if kind in parts:  # what the page then asks of the interface is its work, not its weight
            parts[kind] += sizes.get(request, 0)
    return parts


@pytest.mark.parametrize("path", ["/", "/levels/fully-connected"])
def test_a_first_visit_is_light(lab, browsing, path):
    parts = weighed(browsing, lab.address + path)
    print(path, parts)
    assert sum(parts.values()) - parts["Font"] <= FIRST_PAGE
    assert sum(parts.values()) <= WITH_FONTS


def test_a_second_visit_loads_no_part_of_the_bundle_again(lab, browsing):
    context = browsing.context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    loaded = []
    session.on(
        "Network.responseReceived",
        lambda e: None if e["response"]["fromDiskCache"] else loaded.append(e["response"]["url"]),
    )
    cached = set()
    session.on("Network.requestServedFromCache", lambda e: cached.add(e["requestId"]))
    for _ in range(2):
        loaded.clear()
        page.goto(f"{lab.address}/levels/fully-connected")
        page.wait_for_selector("html[data-ready]", state="attached")
    again = [url for url in loaded if "/static/" in url]
    assert len(again) <= len(cached)
