"""`samtale doctor`: looks at everything the platform needs, and says for each what to do."""

import asyncio

from samtale.cli import findings
from samtale.cli.options import ConfigOption, DataOption, JsonOption, read
from samtale.stack import diagnosis


def doctor(config: ConfigOption = None, data: DataOption = None, as_json: JsonOption = False) -> None:
    """Check machine, programs, data and parts; exit code 1 when something must be put right."""
    raise findings.show(asyncio.run(diagnosis.examine(read(config, data))), as_json=as_json)
