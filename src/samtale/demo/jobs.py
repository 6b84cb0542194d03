"""The rest of the demo, loaded by the worker."""

from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, JobAborted

from samtale.demo.lanes import Stopped
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
    try:
        Loader(lambda _: None, context.should_abort).rest()
    except Stopped as stopped:
        raise JobAborted from stopped


def enqueue_rest() -> bool:
    """Hand the rest to the worker, unless that is done already. Returns whether it was needed."""
    if Load.objects.filter(pk=1).exclude(all_done_at=None).exists():
        return False
    try:
        load_rest.defer()
    except AlreadyEnqueued:
        return False
    return True
