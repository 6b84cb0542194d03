"""The worker shows that it reaches its jobs, and the supervisor's probe sees when it does not."""

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from samtale.portal import worker as program
from samtale.portal.worker import DEAD_AFTER, HEARTBEAT
from samtale.stack import worker
from samtale.stack.part import Unhealthy


def live_for_a_moment(jobs: Any, sign: Path) -> None:
    async def moment() -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(program.show_life(jobs, sign), 0.2)

    asyncio.run(moment())


def asked(sign: Path) -> str:
    async def ask() -> str:
        return await worker.sign_of_life(sign)()

    return asyncio.run(ask())


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_reaches_its_jobs_is_healthy(tmp_path: Path) -> None:
    sign = tmp_path / "alive"

    async def moment() -> None:
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        with app.replace_connector(connector) as jobs:
            async with jobs.open_async():
                with suppress(TimeoutError):
                    await asyncio.wait_for(program.show_life(jobs, sign), 1)

    asyncio.run(moment())
    assert asked(sign) == ""


def test_a_worker_that_has_not_begun_is_not(tmp_path: Path) -> None:
    with pytest.raises(Unhealthy, match="has not reached its jobs yet"):
        asked(tmp_path / "alive")


def test_a_worker_that_hangs_is_not(tmp_path: Path) -> None:
    sign = tmp_path / "alive"
    sign.touch()
    then = time.time() - DEAD_AFTER - 1
    os.utime(sign, (then, then))
    with pytest.raises(Unhealthy, match="has not reached its jobs for 21 s"):
        asked(sign)


def test_a_worker_whose_database_is_away_shows_no_life(tmp_path: Path) -> None:
    async def away(_: str) -> None:
        raise ConnectorException

    live_for_a_moment(
        SimpleNamespace(connector=SimpleNamespace(execute_query_one_async=away)), tmp_path / "x"
    )
    assert not (tmp_path / "x").exists()


def test_a_worker_whose_database_hangs_shows_no_life(tmp_path: Path) -> None:
    async def hangs(_: str) -> None:
        await asyncio.Event().wait()

    live_for_a_moment(
        SimpleNamespace(connector=SimpleNamespace(execute_query_one_async=hangs)), tmp_path / "x"
    )
    assert not (tmp_path / "x").exists()


def test_it_shows_life_more_often_than_it_is_asked_to() -> None:
    assert HEARTBEAT * 2 < DEAD_AFTER
