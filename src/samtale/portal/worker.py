"""``python -m samtale.portal.worker``: the process that does the portal's jobs.

Jobs are rows in the portal's database (Procrastinate). The worker stops gracefully on SIGTERM: a job may
finish, or, when it watches :meth:`JobContext.should_abort`, end early and start again with the next worker.
A job whose worker was killed starts again when that worker's heartbeat is too old; so every job must bear
being done twice.
"""

import os
from typing import Any

import django

#: Seconds between two signs of life, and without one until a worker counts as dead.
HEARTBEAT = 5.0
DEAD_AFTER = 20.0
#: Seconds a job may go on after the worker was told to stop.
GRACE = 5.0
#: Jobs at the same time, each in a thread with a database connection of its own.
CONCURRENCY = 3


async def take_over_from_dead_workers(manager: Any) -> int:
    """Put jobs back whose worker gives no sign of life. Returns how many."""
    jobs = await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER)
    for job in jobs:
        await manager.retry_job(job)
    return len(jobs)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samtale.portal.settings")
    django.setup()

    from procrastinate.contrib.django import app  # noqa: PLC0415 - needs the settings

    from samtale.communities import matrix  # noqa: PLC0415 - the same

    matrix.wait_longer()

    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]

        @app.periodic(cron="* * * * * */30")
        @app.task(name="samtale.take_over", queueing_lock="samtale.take_over", pass_context=True)
        async def take_over(context: Any, timestamp: int) -> None:  # noqa: ARG001 - Procrastinate gives it
            await take_over_from_dead_workers(context.app.job_manager)

        app.run_worker(
            name="samtale",
            concurrency=CONCURRENCY,
            delete_jobs="successful",
            shutdown_graceful_timeout=GRACE,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=DEAD_AFTER,
        )


if __name__ == "__main__":
    main()
