"""Which account each part runs under.

As an ordinary user everything runs as that user. As root (containers, continuous integration) PostgreSQL
refuses to start, and nothing else should have root's rights either: the parts run as an account that is
there already, since making accounts is not ours to do.
"""

import os
import pwd
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samtale.config import CHECKOUT

# Not `postgres`: on a machine with the distribution's own server that account is a database superuser.
_CANDIDATES = ("nobody", "daemon")


class NoAccountError(Exception):
    """Root, and no unprivileged account on the machine."""


@dataclass(frozen=True)
class Account:
    """An account of the machine that a part runs under."""

    name: str
    uid: int
    gid: int

    def may_enter(self, folder: Path) -> bool:
        """Whether the account reaches what lies in `folder`, judged by permission bits.

        Folders that do not exist yet count as ours: we make them so that it can.
        """
        return all(self._has(each, stat.S_IXOTH) for each in (folder, *folder.parents) if each.exists())

    def may_read(self, file: Path) -> bool:
        """Whether the account reaches and reads `file`, links followed."""
        real = file.resolve()
        return self.may_enter(file.parent) and self.may_enter(real.parent) and self._has(real, stat.S_IROTH)

    def _has(self, path: Path, bit: int) -> bool:
        found = path.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & (bit << 6))
        if found.st_gid == self.gid:
            return bool(found.st_mode & (bit << 3))
        return bool(found.st_mode & bit)


@dataclass(frozen=True)
class Accounts:
    """None means: as the one who started us.

    Attributes:
        database: PostgreSQL's; never None for root.
        programs: the other parts'; None for root where the account cannot read the checkout.
        hindrance: why `programs` is None for root, else empty.
    """

    database: Account | None
    programs: Account | None
    hindrance: str = ""


def choose() -> Accounts:
    """Find the accounts for this machine and user.

    Raises:
        NoAccountError: root on a machine without any other account.
    """
    if os.geteuid() != 0:
        return Accounts(None, None)
    account = _unprivileged()
    package = Path(__file__).parent
    needed = [CHECKOUT / "pyproject.toml", package / "__init__.py", Path(sys.executable), Path(os.__file__)]
    for path in needed:
        if path.exists() and not account.may_read(path):
            return Accounts(account, None, f"{path} cannot be read by the account {account.name}")
    return Accounts(account, account)


def give(path: Path, account: Account | None) -> None:
    """Make `account` the owner of one file or folder of the data folder."""
    if account is not None:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def identity(account: Account | None) -> dict[str, Any]:
    """Arguments of `subprocess` that start a program under `account`."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def _unprivileged() -> Account:
    owner = CHECKOUT.stat().st_uid
    names = [_named(uid=owner)] if owner else []
    for entry in (*names, *(_named(name=name) for name in _CANDIDATES)):
        if entry is not None:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise NoAccountError(
        "root cannot run PostgreSQL and there is no other account: make one with `useradd --system samtale`"
    )


def _named(*, name: str | None = None, uid: int | None = None) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name) if name is not None else pwd.getpwuid(uid or 0)
    except KeyError:
        return None
