"""The course over HTTP: map, statement, hints, drafts."""


def test_the_map_lists_every_level_as_the_course_has_it(me, course):
    reply = me.get("/api/levels").json()["levels"]
    assert [one["level"] for one in reply] == [level.name for level in course.levels]
    for one, level in zip(reply, course.levels, strict=True):
        assert one["title"] == level.title.to_json()
        assert one["needs"] == list(level.requires)
        assert one["classes"] == [judged.name for judged in level.classes]
        assert one["revision"] == level.revision


def test_a_level_brings_statement_template_and_no_hint_that_was_not_asked_for(me, course):
    level = course.level("three-layer-network")
    reply = me.get("/api/levels/three-layer-network").json()
    assert reply["template"] == level.template
    assert "<math" in reply["statement"]["zh"]
    assert "<math" in reply["statement"]["en"]
    assert reply["hints"] == {"count": len(level.hints), "shown": []}
    assert reply["draft"] is None


def test_neither_solution_nor_reference_is_told(me, course):
    """Whatever a level's page holds, a learner is to write the backward pass themselves."""
    for level in course.levels:
        reply = me.get(f"/api/levels/{level.name}").text
        for line in level.solution.splitlines():
            if line not in level.template and len(line.strip()) > 25:
                assert line.strip() not in reply, line


def test_hints_come_one_at_a_time_and_stay(me, course):
    level = course.level("activations")
    address = "/api/levels/activations"
    for shown in range(1, len(level.hints) + 1):
        assert len(me.post(f"{address}/hints", json={}).json()["shown"]) == shown
        assert len(me.get(address).json()["hints"]["shown"]) == shown
    assert len(me.post(f"{address}/hints", json={}).json()["shown"]) == len(level.hints)


def test_a_draft_is_kept_and_two_tabs_are_told_of_each_other(me):
    address = "/api/levels/fully-connected/draft"
    assert me.get(address).json() is None
    first = me.put(address, json={"source": "a", "base": None})
    assert (first.status_code, first.json()) == (200, {"revision": 1})
    second = me.put(address, json={"source": "ab", "base": 1})
    assert second.json() == {"revision": 2}
    other = me.put(address, json={"source": "b", "base": 1})
    assert (other.status_code, other.json()) == (409, {"source": "ab", "revision": 2})
    assert me.get(address).json() == {"source": "ab", "revision": 2}
    assert me.get("/api/levels/fully-connected").json()["draft"]["source"] == "ab"


def test_a_level_that_is_not_there(me):
    for method, address in (
        ("GET", "/api/levels/nope"), ("POST", "/api/levels/nope/hints"),
        ("PUT", "/api/levels/nope/draft"), ("POST", "/api/levels/nope/answers"),
        ("GET", "/api/levels/nope/answers"), ("POST", "/api/levels/nope/shapes"),
    ):  # fmt: skip
        reply = me.request(method, address, json={"source": "x"} if method != "GET" else None)
        assert reply.status_code in (404, 422)
        assert set(reply.json()["error"]) == {"zh", "en"}
