"""The tests mirror the package: src/handgrad/a/b.py is specified by tests/a/test_b.py."""

from __future__ import annotations

import ast
from pathlib import Path

from support.source_tree import PACKAGE, TESTS, modules, tree_of

TESTED_ELSEWHERE: dict[str, str] = {
    "cli/training_options.py": "has no test of its own yet",
    "gradcheck/adapters/arguments.py": "has no test of its own yet",
    "gradcheck/adapters/choice.py": "has no test of its own yet",
    "gradcheck/adapters/functions.py": "has no test of its own yet",
    "gradcheck/adapters/parameters.py": "has no test of its own yet",
    "gradcheck/adapters/positional.py": "has no test of its own yet",
    "gradcheck/adapters/torch_rule.py": "has no test of its own yet",
    "gradcheck/adapters/torch_writes.py": "has no test of its own yet",
    "gradcheck/conditions/poison.py": "has no test of its own yet",
    "gradcheck/conditions/sizes_examined.py": "has no test of its own yet",
    "gradcheck/engine/confirm.py": "has no test of its own yet",
    "gradcheck/engine/glance.py": "has no test of its own yet",
    "gradcheck/engine/gradients.py": "has no test of its own yet",
    "gradcheck/engine/judge.py": "has no test of its own yet",
    "gradcheck/engine/precision.py": "has no test of its own yet",
    "gradcheck/engine/probing.py": "has no test of its own yet",
    "gradcheck/engine/size.py": "has no test of its own yet",
    "gradcheck/engine/subject.py": "has no test of its own yet",
    "gradcheck/engine/wrapped.py": "has no test of its own yet",
    "gradcheck/report/words.py": "has no test of its own yet",
    "judging/answer.py": "has no test of its own yet",
    "judging/follow_up_runs.py": "has no test of its own yet",
    "judging/answer_verdicts.py": "has no test of its own yet",
    "judging/class_verdict.py": "has no test of its own yet",
    "judging/prepared_class.py": "has no test of its own yet",
    "judging/prepared_run.py": "has no test of its own yet",
    "judging/failure_verdicts.py": "has no test of its own yet",
    "judging/runner.py": "has no test of its own yet",
    "judging/untrusted_fields.py": "has no test of its own yet",
    "lab/answer_routes.py": "has no test of its own yet",
    "lab/app.py": "has no test of its own yet",
    "lab/request_dependencies.py": "has no test of its own yet",
    "lab/api_models.py": "compared with the replies by tests/lab/test_openapi.py",
    "lab/learner_routes.py": "has no test of its own yet",
    "lab/level_routes.py": "has no test of its own yet",
    "lab/http_problems.py": "has no test of its own yet",
    "lab/server.py": "has no test of its own yet",
    "lab/service.py": "has no test of its own yet",
    "live_shapes/draft_trace.py": "has no test of its own yet",
    "live_shapes/line_annotations.py": "has no test of its own yet",
    "live_shapes/shape_errors.py": "has no test of its own yet",
    "pytest_plugin/__init__.py": "has no test of its own yet",
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
    "store/database.py": "has no test of its own yet",
    "store/invitations.py": "has no test of its own yet",
    "store/timestamps.py": "has no test of its own yet",
    "store/sessions.py": "has no test of its own yet",
    "store/server_secret.py": "has no test of its own yet",
    "store/tables.py": "has no test of its own yet",
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
