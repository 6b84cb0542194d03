"""Where things lie in the data folder, and who owns them."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from samtale.config import CHECKOUT, Config
from samtale.stack.privilege import Account, Accounts, give

# Used when root's data folder lies where the unprivileged account cannot enter.
_OUTSIDE = Path("/var/lib/os2samtale")
# A unix socket's path has at most 107 bytes; PostgreSQL adds its own file name.
_LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")


class FoldersError(Exception):
    """The data folder cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class Folders:
    """The data folder. Each part may write to its own folder in it and to no other.

    Attributes:
        root: the data folder itself.
        accounts: who owns the parts' folders.
        proxy_account: who owns the proxy's folder, and whom it runs as.
        database: PostgreSQL's cluster and socket; outside `root` when its account cannot enter there.
        socket: folder of PostgreSQL's unix socket.
        parts: the other parts' folders are in it; outside `root` when their account cannot enter there.
    """

    root: Path
    accounts: Accounts
    proxy_account: Account | None
    database: Path
    socket: Path
    parts: Path

    @property
    def secrets(self) -> Path:
        """All secrets, for the supervisor alone."""
        return self.root / "secrets.json"

    @property
    def demo_file(self) -> Path:
        """The demo's people and passwords, for the one who started it."""
        return self.root / "demo.json"

    @property
    def installation(self) -> Path:
        """What was fixed at the first start."""
        return self.root / "installation.json"

    @property
    def lock(self) -> Path:
        """Held by the supervisor as long as it lives."""
        return self.root / "supervisor.lock"

    @property
    def state(self) -> Path:
        """What the supervisor last knew about each part."""
        return self.root / "state.json"

    @property
    def code(self) -> Path:
        """Names the code that runs."""
        return self.root / "code"

    @property
    def logs(self) -> Path:
        """One file per part."""
        return self.root / "logs"

    @property
    def portal(self) -> Path:
        """The portal's configuration, keys and, in the demo, mails."""
        return self.parts / "portal"

    @property
    def portal_config(self) -> Path:
        """What the portal's processes read."""
        return self.portal / "portal.json"

    @property
    def synapse(self) -> Path:
        """Synapse's configuration, signing key and media."""
        return self.parts / "synapse"

    @property
    def proxy(self) -> Path:
        """Caddy's configuration and certificates."""
        return self.parts / "proxy"

    @property
    def testidp(self) -> Path:
        """The key of the demo's identity provider; made by the demo alone."""
        return self.parts / "testidp"

    @property
    def elsewhere(self) -> Path | None:
        """Where what the parts write lies when it is not in the data folder."""
        return None if self.database.is_relative_to(self.root) else self.database.parent

    def make(self) -> None:
        """Create what is missing, with owner and mode."""
        for folder in (self.root, self.database.parent, self.socket.parent, self.parts):
            folder.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o711)
        owned: list[tuple[Path, Account | None]] = [
            (self.logs, None),
            (self.database, self.accounts.database),
            (self.socket, self.accounts.database),
            (self.proxy, self.proxy_account),
            *(
                (folder, self.accounts.programs)
                for folder in (
                    self.portal,
                    self.portal / "mail",
                    self.portal / "data",
                    self.synapse,
                    self.synapse / "media",
                )
            ),
        ]
        for folder, account in owned:
            make_private(folder, account)


def make_private(folder: Path, account: Account | None) -> None:
    """Create a part's folder, or take one that is there: for `account` alone.

    Raises:
        FoldersError: somebody else's lies there.
    """
    owner = account.uid if account else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or (found.st_uid != owner and os.geteuid() != 0):
            raise FoldersError(
                f"{folder}: must be a folder of this user, got one of uid {found.st_uid}: "
                "start as that user, or name another data folder with --data"
            ) from None
        if found.st_uid != owner:
            for each in (folder, *folder.rglob("*")):
                _change_owner(each, account)
        if stat.S_IMODE(found.st_mode) != 0o700:
            _close(folder)
        return
    give(folder, account)


def _close(folder: Path) -> None:
    # Not by its name alone, which could by now be a link to somewhere else.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        os.fchmod(descriptor, 0o700)
    finally:
        os.close(descriptor)


def _change_owner(path: Path, account: Account | None) -> None:
    uid, gid = (account.uid, account.gid) if account else (os.geteuid(), os.getegid())
    os.chown(path, uid, gid, follow_symlinks=False)


def place(config: Config, accounts: Accounts) -> Folders:
    """Decide where the data of this configuration lie; creates nothing."""
    root = config.data_dir
    database = _place_for(accounts.database, root) / "postgres"
    socket = database / "run"
    if len(os.fsencode(socket)) > _LONGEST_SOCKET_FOLDER:
        # Root's has a name that can be guessed, so it is not where others can make it first.
        alone = accounts.database is None
        socket = (
            Path(tempfile.gettempdir()) / f"os2samtale-{_short(database)}" if alone else outside(root) / "run"
        )
    return Folders(
        root,
        accounts,
        # Certificates are often readable by root alone, and ports below 1024 are root's. So is the folder,
        # then: who takes over another part must not tell root's program what to do.
        proxy_account=accounts.programs if config.local else None,
        database=database,
        socket=socket,
        parts=_place_for(accounts.programs, root),
    )


def _place_for(account: Account | None, root: Path) -> Path:
    # The data folder itself is opened to pass through by `Folders.make`.
    return root if account is None or account.may_enter(root.parent) else outside(root)


def outside(root: Path) -> Path:
    """The folder for programs and data of an account that may not enter `root`."""
    return _OUTSIDE / _short(root)


def default_client_dist() -> Path:
    """Folder of the built web client."""
    return CHECKOUT / "web" / "dist"


def _short(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
