"""Run visits and deliveries durably: the one file that knows DBOS.

Two workflows only, one VISIT (one outlet's turn on its host) and one DELIVERY (one round through
what one lane is owed: all mail, or one endpoint's messages). Their ids come from what is due, so
that enqueuing the same slot twice, from one process or two, does it once. The traps behind each
setting were measured; each has a test.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetEnqueueOptions, SetWorkflowID

VISITS: Final = "visits"
DELIVERIES: Final = "deliveries"
# A new release must be able to run what the old one left pending: the version names the shape of
# the two workflows, not the release, and changes only when they do.
WORKFLOW_VERSION: Final = "1"
#: A transaction of the engine's own that stands still is a frozen worker's: PostgreSQL ends it.
FROZEN: Final = timedelta(seconds=15)
DONE: Final = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
#: Ids in one question to the engine's database, well below what a statement may bind.
ASKED_AT_ONCE: Final = 500

Report = dict[str, Any]


class Jobs(Protocol):
    """What the engine runs. Both are repeatable: a kill makes them run again from the start."""

    async def visit(self, outlet_id: str, slot: str) -> Report:
        """Give one outlet its turn, named by its slot; return what the live line shows."""
        ...

    async def deliver(self, lane: str, turn: str) -> Report:
        """Send what one lane is owed, named by its turn; return what became of it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOptions:
    """How the engine is set up. `worker_id` is stable across restarts of one worker."""

    database_url: str
    worker_id: str
    hosts_at_once: int = 16
    lanes_at_once: int = 256
    polling: float = 0.5


class Engine:
    """One executor of durable work. One per process: DBOS keeps its state per process."""

    def __init__(self, options: EngineOptions, jobs: Jobs) -> None:
        self._options = options
        logging.getLogger("dbos").setLevel(logging.ERROR)
        config = DBOSConfig(
            name="rasad",
            system_database_url=options.database_url,
            application_version=WORKFLOW_VERSION,
            executor_id=options.worker_id,
            serializer=DBOSPortableJSONSerializer(),
            log_level="ERROR",
            sys_db_idle_transaction_timeout_sec=FROZEN.total_seconds(),
            enable_otlp=False,
        )
        DBOS(config=config)
        self._visit = _workflow("visit", jobs.visit)
        self._deliver = _workflow("deliver", jobs.deliver)

    async def start(self) -> None:
        """Create or upgrade the engine's tables, take up pending work, and serve both queues.

        Launched inside the running loop, DBOS runs the jobs on it, beside the web.
        """
        DBOS.launch()
        for queue, at_once in (
            (VISITS, self._options.hosts_at_once),
            (DELIVERIES, self._options.lanes_at_once),
        ):
            await DBOS.register_queue_async(
                queue,
                worker_concurrency=at_once,
                partition_concurrency=1,
                polling_interval_sec=self._options.polling,
                on_conflict="always_update",
            )

    async def enqueue_visit(self, outlet_id: str, *, host: str, slot: str) -> None:
        """Owe one visit for the slot, which names it; the same slot again changes nothing.

        `host` is the partition: one visit at a time to a host across all workers.
        """
        with SetWorkflowID(slot), SetEnqueueOptions(queue_partition_key=host):
            await DBOS.enqueue_workflow_async(VISITS, self._visit, outlet_id, slot)

    async def enqueue_delivery(self, lane: str, *, turn: str) -> None:
        """Owe one round through a lane, named by its turn; the same turn again changes nothing.

        The lane is the partition, so that a slow endpoint delays only its own messages.
        """
        with SetWorkflowID(turn), SetEnqueueOptions(queue_partition_key=lane):
            await DBOS.enqueue_workflow_async(DELIVERIES, self._deliver, lane, turn)

    async def standing(self, workflow_ids: Sequence[str]) -> dict[str, bool]:
        """Return which of the workflows the engine holds, and whether each has ended."""
        standing: dict[str, bool] = {}
        for begin in range(0, len(workflow_ids), ASKED_AT_ONCE):
            found = await DBOS.list_workflows_async(
                workflow_ids=list(workflow_ids[begin : begin + ASKED_AT_ONCE]),
                load_input=False,
                load_output=False,
            )
            standing |= {one.workflow_id: one.status in DONE for one in found}
        return standing

    async def adopt(self, worker_id: str) -> int:
        """Take over what a dead worker left pending, each in its own queue; return how many.

        DBOS's open core never does this by itself: a dead machine's work, and its host's turn,
        would stay stuck until the same id came back.
        """
        adopted = 0
        for queue in (VISITS, DELIVERIES):
            pending = await DBOS.list_workflows_async(
                status="PENDING", executor_id=worker_id, queue_name=queue, load_input=False
            )
            if pending:
                ids = [status.workflow_id for status in pending]
                await DBOS.resume_workflows_async(ids, queue_name=queue)
                adopted += len(ids)
        return adopted

    async def tidy(self, *, before: datetime, batch: int = 500) -> int:
        """Delete all ended workflows older than `before` (about 3.4 KB each); return how many."""
        deleted = 0
        while True:
            ended = await DBOS.list_workflows_async(
                status=DONE,
                end_time=before.isoformat(),
                limit=batch,
                load_input=False,
                load_output=False,
            )
            if not ended:
                return deleted
            await DBOS.delete_workflows_async([status.workflow_id for status in ended])
            deleted += len(ended)

    async def stop(self, *, drain_seconds: int = 25) -> None:
        """Let running work end for at most `drain_seconds`; the rest resumes at the next start."""
        await asyncio.to_thread(
            DBOS.destroy, destroy_registry=True, workflow_completion_timeout_sec=drain_seconds
        )


def _workflow(name: str, job: Callable[..., Awaitable[Report]]) -> Callable[..., Any]:
    """Register a job as a workflow of one step, so that an ended one is never run again."""

    async def workflow(*args: str) -> Report:
        async def step() -> Report:
            return await job(*args)

        return await DBOS.run_step_async({"name": name}, step)

    workflow.__qualname__ = workflow.__name__ = name
    return DBOS.workflow(name=f"rasad.{name}", max_recovery_attempts=1000)(workflow)
