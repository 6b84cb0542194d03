"""``python -m samtale.portal.worker``: the process that does the portal's jobs.

Jobs are rows in the portal's database (Procrastinate). The worker stops gracefully on SIGTERM: a job may
finish, or, when it watches :meth:`JobContext.should_abort`, end early and start again with the next worker.
A job whose worker was killed starts again when that worker's heartbeat is too old; so every job must bear
being done twice.
"""

import asyncio
import os
from pathlib import Path
from typing import Any

import django
from procrastinate.exceptions import ConnectorException

#: Seconds between two signs of life, and without one until a worker counts as dead.
HEARTBEAT = 5.0
DEAD_AFTER = 20.0
#: In the portal's folder for data; its time is the last moment at which the worker reached its jobs.
SIGN_OF_LIFE = "worker-alive"
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


async def show_life(app: Any, sign: Path) -> None:
    """Touch `sign` again and again, as long as the jobs can be reached. Never returns.

    A worker that hangs, or whose database does, shows none: the supervisor looks at the file's time.
    """
    while True:
        try:
            await app.connector.execute_query_one_async("SELECT 1 AS answer")
        except ConnectorException:
            pass
        else:
            sign.touch()  # noqa: ASYNC240 - one local file
        await asyncio.sleep(HEARTBEAT)


async def work(app: Any, sign: Path) -> None:
    """Do jobs until told to stop."""
    async with app.open_async():
        life = asyncio.create_task(show_life(app, sign))
        try:
            await app.run_worker_async(
                name="samtale",
                concurrency=CONCURRENCY,
                delete_jobs="successful",
                shutdown_graceful_timeout=GRACE,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=DEAD_AFTER,
            )
        finally:
            life.cancel()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samtale.portal.settings")
    django.setup()

    from django.conf import settings  # noqa: PLC0415 - needs the environment
    from procrastinate.contrib.django import app  # noqa: PLC0415 - needs the settings

    from samtale.communities import matrix  # noqa: PLC0415 - the same

    matrix.wait_longer()

    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]

        @app.periodic(cron="* * * * * */30")
        @app.task(name="samtale.take_over", queueing_lock="samtale.take_over", pass_context=True)
        async def take_over(context: Any, timestamp: int) -> None:  # noqa: ARG001 - Procrastinate gives it
            await take_over_from_dead_workers(context.app.job_manager)

        asyncio.run(work(app, settings.CONFIG.data_dir / SIGN_OF_LIFE))


if __name__ == "__main__":
    main()
