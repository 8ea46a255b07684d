"""The tests mirror the package: src/handgrad/a/b.py is specified by tests/a/test_b.py."""

from __future__ import annotations

import ast
from pathlib import Path

from support.source_tree import PACKAGE, TESTS, modules, tree_of

TESTED_ELSEWHERE: dict[str, str] = {
    "cli/training_options.py": "options of a command: tests/cli",
    "gradcheck/adapters/torch_tensors.py": "used by every check of torch code: tests/gradcheck/adapters/test_torch_code.py",
    "lab/answer_routes.py": "a part of the lab that serves requests: tests/lab, by story",
    "lab/api_models.py": "compared with the replies by tests/lab/test_openapi.py",
    "lab/app.py": "a part of the lab that serves requests: tests/lab, by story",
    "lab/described_models.py": "a part of the lab that serves requests: tests/lab, by story",
    "lab/http_problems.py": "a part of the lab that serves requests: tests/lab, by story",
    "lab/learner_routes.py": "a part of the lab that serves requests: tests/lab, by story",
    "lab/level_routes.py": "a part of the lab that serves requests: tests/lab, by story",
    "lab/request_dependencies.py": "a part of the lab that serves requests: tests/lab, by story",
    "lab/server.py": "a part of the lab that serves requests: tests/lab, by story",
    "lab/service.py": "a part of the lab that serves requests: tests/lab, by story",
    "pytest_plugin/__init__.py": "tests/pytest_plugin/test_plugin.py",
    "sandbox/child/boot.py": "a program of its own: every test that starts a child runs it",
    "sandbox/child/isolation/kernel.py": "the layers call it: tests/attacks see what each of them stops",
    "sandbox/child/isolation/landlock.py": "tests/attacks see what it stops, tests/sandbox/test_zygote.py that it holds",
    "sandbox/child/isolation/namespaces.py": "tests/attacks see what it stops, tests/sandbox/test_zygote.py that it holds",
    "sandbox/child/isolation/privileges.py": "tests/attacks see what it stops, tests/sandbox/test_zygote.py that it holds",
    "sandbox/child/isolation/probe.py": "tests/sandbox/test_isolation.py runs it where the kernel refuses a layer",
    "sandbox/child/isolation/resource_limits.py": "tests/attacks see what it stops, tests/sandbox/test_zygote.py that it holds",
    "sandbox/child/job_loop.py": "it ends its process: tests/sandbox/test_spawned_child.py runs it",
    "sandbox/child/preloaded_modules.py": "tests/sandbox/test_honest_code.py uses the modules in an isolated child",
    "sandbox/child/warm_up.py": "every zygote runs it before its first child",
    "sandbox/child/zygote.py": "it forks and never returns: tests/sandbox/test_zygote.py runs it",
    "store/database.py": "tables used through others: tests/store, tests/lab/test_class.py",
    "store/invitations.py": "tables used through others: tests/store, tests/lab/test_class.py",
    "store/server_secret.py": "tables used through others: tests/store, tests/lab/test_class.py",
    "store/sessions.py": "tables used through others: tests/store, tests/lab/test_class.py",
    "store/tables.py": "tables used through others: tests/store, tests/lab/test_class.py",
    "store/timestamps.py": "tables used through others: tests/store, tests/lab/test_class.py",
}
"""Modules with behaviour and without a test file of their own, each with the reason. The list may only
shrink."""


def has_behaviour(tree: ast.Module) -> bool:
    """Whether a module holds a function that does something: not a signature, not re-exports alone."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    return any(
        isinstance(node, functions) and not _is_signature(node.body) for node in ast.walk(tree)
    )


def _is_signature(body: ast.expr | list[ast.stmt]) -> bool:
    return isinstance(body, list) and all(
        isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) for line in body
    )


def without_test() -> list[str]:
    """The modules with behaviour that no test file mirrors."""
    return [
        module.relative_to(PACKAGE).as_posix()
        for module in modules()
        if has_behaviour(tree_of(module)) and not _mirror_of(module).exists()
    ]


def _mirror_of(module: Path) -> Path:
    return TESTS / module.relative_to(PACKAGE).parent / f"test_{module.stem.strip('_')}.py"


def test_every_module_with_behaviour_has_its_test():
    missing = [name for name in without_test() if name not in TESTED_ELSEWHERE]
    assert missing == [], "write tests/…/test_….py"


def test_the_list_of_exceptions_only_shrinks():
    settled = sorted(TESTED_ELSEWHERE.keys() - set(without_test()))
    assert settled == [], "these have a test now, or are gone: take them off the list"


def test_what_counts_as_behaviour():
    assert has_behaviour(ast.parse("def f():\n    '''Says.'''\n    return 1"))
    assert has_behaviour(ast.parse("f = lambda x: x"))
    assert not has_behaviour(ast.parse("from a import b\nNUMBER = 3\n"))
    assert not has_behaviour(
        ast.parse("class P:\n    def f(self):\n        '''Says.'''\n        ...\n")
    )
