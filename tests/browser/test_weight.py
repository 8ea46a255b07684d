"""What a page weighs, and that it comes from this machine alone."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright.sync_api")

KIB = 1024
FIRST_PAGE = 150 * KIB
WITH_FONTS = 230 * KIB


def weighed(browsing, address):
    """The bytes of a first visit as they came over the wire: all, and those of fonts."""
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
    fonts = sum(size for request, size in sizes.items() if kinds.get(request) == "Font")
    return sum(sizes.values()), fonts


@pytest.mark.parametrize("path", ["/", "/levels/fully-connected"])
def test_a_first_visit_is_light(lab, browsing, path):
    everything, fonts = weighed(browsing, lab.address + path)
    print(f"{path}: {everything} bytes, {fonts} of them fonts")
    assert everything - fonts <= FIRST_PAGE
    assert everything <= WITH_FONTS


def test_a_second_visit_asks_for_no_part_of_the_bundle_again(lab, browsing):
    context = browsing.context()
    page = browsing.page(f"{lab.address}/levels/fully-connected", context=context)
    asked = []
    page.on(
        "response",
        lambda response: (
            asked.append(response.url)
            if "/static/" in response.url
            and not response.from_service_worker
            and response.request.timing["responseStart"] > 0
            and response.status != 200
            else None
        ),
    )
    page.goto(f"{lab.address}/")
    page.wait_for_selector("html[data-ready]", state="attached")
    assert asked == []
