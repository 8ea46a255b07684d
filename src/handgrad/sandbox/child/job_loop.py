"""The life of a child: load NumPy, wait for a job, run it, send the results; repeat until the end.

All jobs of a child belong to one answer: the first brings its source, later ones only other cases. Or
its one job is a draft, which is traced and not judged.

A child that was started on its own (`serve`) says ``ready`` when it has loaded; a child of a zygote
(`handgrad_sandbox.child.zygote`) when it is isolated.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..protocol.wire import BrokenFrame
from .answer.printed_output import PrintedOutput, discarded_output
from .answer.session import AnswerSession
from .draft.draft_run import DraftRun
from .isolation import audit_hooks, resource_limits

if TYPE_CHECKING:
    from ..protocol.frames import LimitFields
    from .channel import Channel

TRACEBACK_CAP = 8000


def serve(channel: Channel, numpy_folder: str) -> None:
    """A child that was started on its own: say that it is ready, run its jobs, end the process."""
    channel.send({"frame": "ready"})
    readable = audit_hooks.ReadableFiles(
        (os.path.dirname(os.__file__), os.path.join(numpy_folder, "numpy")),
        (numpy_folder, *sys.path),
    )

    def before_answer(limits: LimitFields) -> None:
        channel.end_with_parent()
        resource_limits.limit_job(limits)
        audit_hooks.install(readable)

    run_jobs(channel, before_answer)


def run_jobs(channel: Channel, before_answer: Callable[[LimitFields], None]) -> None:
    """Run the jobs of one answer until the judge closes its end, or one draft, and end the process.

    `before_answer` is called with the first job's limits, before any code of the answer runs.
    """
    try:
        job, payload = channel.receive_job()
        before_answer(job["limits"])
        is_draft = job["frame"] == "draft"
        output = (
            discarded_output()
            if is_draft
            else PrintedOutput(channel.send, job["limits"]["printed_bytes"])
        )
        for stream in ("stdout", "stderr", "__stdout__", "__stderr__"):
            setattr(sys, stream, output)
        if is_draft:
            DraftRun(channel, job, payload).run()
            return
        session = AnswerSession(channel, job, payload)
        while True:
            session.run()
            session.take(*channel.receive_job())
    except BrokenFrame:  # the judge has closed its end
        pass
    except Exception:  # our own fault: the learner's exceptions are caught where they happen
        channel.send({"frame": "fault", "traceback": traceback.format_exc()[-TRACEBACK_CAP:]})
    finally:
        # Threads, atexit handlers and finalizers that the answer left behind must not run.
        os._exit(0)
