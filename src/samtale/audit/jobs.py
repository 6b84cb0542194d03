"""What the worker does for the audit log."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from samtale.audit import retention


@app.periodic(cron="41 3 * * *")
@app.task(name="audit.forget")
def forget(timestamp: int) -> int:
    """Once a night: delete entries that have been kept long enough."""
    return retention.forget(datetime.fromtimestamp(timestamp, tz=UTC))
