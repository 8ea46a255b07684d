"""The level of a machine follows from what its isolation layers did when they were tried."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import handgrad
from handgrad.sandbox.isolation import LABELS, isolation_from, remedy_for_namespaces
from handgrad.sandbox.zygote import IS_POSSIBLE

ALL_HOLD = dict.fromkeys(LABELS)


def test_every_layer_is_level_3():
    assert isolation_from(dict(ALL_HOLD)).level == 3


@pytest.mark.parametrize("layer", ["empty-root", "network", "processes", "ipc"])
def test_without_a_namespace_it_is_level_2_and_says_why(layer):
    isolation = isolation_from({**ALL_HOLD, layer: "user namespace: EPERM (refused)"})
    assert isolation.level == 2
    assert [(w.name, w.failure) for w in isolation.layers if not w.holds] == [
        (layer, "user namespace: EPERM (refused)")
    ]


@pytest.mark.parametrize("layer", ["privileges", "landlock", "resource-limits", "seccomp"])
def test_without_a_layer_of_level_2_it_is_level_1(layer):
    isolation = isolation_from({**ALL_HOLD, layer: "open the root folder: it worked"})
    assert isolation.level == 1
    for language in ("zh", "en"):
        assert LABELS[layer][language] in isolation.reason[language]


def test_a_layer_that_was_not_tried_does_not_count():
    untried = dict(ALL_HOLD)
    del untried["seccomp"]
    assert isolation_from(untried).level == 1


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"/proc/sys/user/max_user_namespaces": "0"}, "user.max_user_namespaces=15000"),
        ({"/proc/sys/kernel/unprivileged_userns_clone": "0"}, "unprivileged_userns_clone=1"),
        ({"/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1"}, "aa-exec -p handgrad"),
        ({"/.dockerenv": ""}, "pivot_root"),
        ({}, "mount: EACCES"),
    ],
)
def test_the_remedy_fits_the_machine(settings, words):
    remedy = remedy_for_namespaces("mount: EACCES", settings.get)
    assert words in remedy.zh
    assert words in remedy.en


REFUSING = """
import ctypes, json, struct, sys
from handgrad.sandbox.child.isolation import kernel, privileges, seccomp
from handgrad.course import load_course
from handgrad.judging import Answer, Judge
from handgrad.sandbox import Pool

def refuse(numbers, error):
    program = [(seccomp.LOAD_WORD, 0, 0, seccomp.NUMBER_AT)]
    for number in numbers:
        program += [(seccomp.JUMP_EQUAL, 0, 1, number), (seccomp.RETURN, 0, 0, 0x00050000 | error)]
    program.append((seccomp.RETURN, 0, 0, seccomp.ALLOW))
    code = b"".join(struct.pack("=HBBI", *line) for line in program)
    body = ctypes.create_string_buffer(code, len(code))
    head = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(body)))
    kernel.system_call("refuse", kernel.number_of("seccomp"), 1, 0, head)

privileges.allow_no_new_privileges()
refuse({numbers!r}, {error})
with Judge(seed=1, pool=Pool(ahead=1)) as judge:
    level = load_course().level("fully-connected")
    verdict = judge.judge(level, Answer("a.py", level.solution.encode()))[0]
    assert verdict.verdict == "pass", verdict.message
    isolation = judge._runner._pool.isolation
    assert verdict.isolation == isolation.level
print(json.dumps([isolation.level, {{w.name: w.failure for w in isolation.layers if not w.holds}}]))
"""
UNSHARE, MOUNT, LANDLOCK, SECCOMP, PIVOT_ROOT = 272, 165, 444, 317, 155
EPERM, EACCES, ENOSYS = 1, 13, 38


@pytest.mark.skipif(not IS_POSSIBLE, reason="this system cannot fork")
@pytest.mark.skipif(os.uname().machine != "x86_64" if IS_POSSIBLE else True, reason="its numbers")
@pytest.mark.parametrize(
    ("numbers", "error", "level", "missing"),
    [
        ([UNSHARE], EPERM, 2, "empty-root"),  # a container's default profile
        ([MOUNT], EACCES, 2, "empty-root"),  # namespaces granted, then stripped of their rights
        ([PIVOT_ROOT], EPERM, 2, "empty-root"),
        ([LANDLOCK], ENOSYS, 1, "landlock"),  # a kernel without Landlock
        ([UNSHARE, SECCOMP], EPERM, 1, "seccomp"),
    ],
)
def test_a_machine_that_refuses_is_found_out(numbers, error, level, missing):
    """A seccomp filter of our own stands in for the machine: the refusals are the kernel's."""
    told = subprocess.run(
        [sys.executable, "-c", REFUSING.format(numbers=numbers, error=error)],
        capture_output=True, text=True, check=False, timeout=60,
        env=os.environ | {"PYTHONPATH": str(Path(handgrad.__file__).parents[1])},
    )  # fmt: skip
    found, failures = json.loads(told.stdout or "[0, {}]")
    assert (found, missing in failures) == (level, True), told.stderr or failures
    print(failures)
