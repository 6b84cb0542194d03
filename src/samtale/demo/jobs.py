"""The rest of the demo, loaded by the worker."""

from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, JobAborted

from samtale.demo.load import Loader
from samtale.demo.models import Load

NAME = "demo.load_rest"


@app.task(
    name=NAME,
    lock=NAME,
    queueing_lock=NAME,
    pass_context=True,
    retry=RetryStrategy(max_attempts=20, linear_wait=2),
)
def load_rest(context: Any) -> None:
    """Goes on where an earlier one was stopped or killed."""

    def stop() -> None:
        if context.should_abort():
            raise JobAborted

    Loader(lambda _: None, stop).rest()


def enqueue_rest() -> bool:
    """Hand the rest to the worker, unless it is done or handed over already. Returns whether it was needed."""
    if Load.objects.filter(pk=1).exclude(all_done_at=None).exists():
        return False
    try:
        load_rest.defer()
    except AlreadyEnqueued:
        return False
    return True
