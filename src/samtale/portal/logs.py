"""What the portal's logs must not hold."""

import logging
import re

# Procrastinate's name of a job, "task[id](key='value', …)", with all that it was given.
_JOB = re.compile(r"([\w.]+\[\d+\])\(.*\)", re.DOTALL)


class WithoutArguments(logging.Filter):
    """Names a job that failed by task and number alone: what it was given can be a mail and its address."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("procrastinate"):
            record.msg, record.args = _JOB.sub(r"\1", record.getMessage()), ()
        return True
