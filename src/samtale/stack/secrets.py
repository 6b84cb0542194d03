"""The secrets of one installation: made once, kept in the data folder with mode 0600, never printed."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path


class SecretsError(Exception):
    """The file is damaged; the text names it."""


@dataclass(frozen=True)
class Secrets:
    """Random texts of 256 bits, url-safe; each is known only to the parts that need it.

    Attributes:
        database_superuser: PostgreSQL's own role, used to make the others.
        portal_database, synapse_database: the roles of the two services.
        portal_key: Django's SECRET_KEY.
        mas: between portal and Synapse.
        as_token, hs_token: of the application service.
        synapse_macaroon, synapse_form: Synapse's own.
    """

    database_superuser: str
    portal_database: str
    synapse_database: str
    portal_key: str
    mas: str
    as_token: str
    hs_token: str
    synapse_macaroon: str
    synapse_form: str


def load_or_create(path: Path) -> Secrets:
    """Read the file; make it, or what it lacks, when it is not there.

    Raises:
        SecretsError: the file cannot be understood. It is never overwritten then: the secrets in it may be
            the only copy.
    """
    known = [field.name for field in fields(Secrets)]
    try:
        content = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except ValueError as error:
        raise SecretsError(f"{path}: damaged ({error}); restore it from a backup") from error
    if not isinstance(content, dict) or not all(
        isinstance(value, str) and value for value in content.values()
    ):
        raise SecretsError(f"{path}: must hold one object of texts; restore it from a backup")
    values = {name: content.get(name) or secrets.token_urlsafe(32) for name in known}
    made = Secrets(**values)
    if any(name not in content for name in known):
        write_private(path, json.dumps(content | asdict(made), indent=2) + "\n")
    return made


def write_private(path: Path, text: str, *, durable: bool = True) -> None:
    """Write a file of mode 0600 so that a reader sees the old or the new content, never a part.

    With `durable` it also survives the power going off a moment later.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        if durable:
            os.fsync(file.fileno())
    draft.replace(path)
