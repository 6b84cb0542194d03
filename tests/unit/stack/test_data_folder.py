"""The data folder: secrets, what is fixed at the first start, who may use it, log files."""

import json
import os
import socket
import stat
import threading
from pathlib import Path

import pytest

from samtale import config
from samtale.stack import folders, installation, log_files, ports, privilege, proxy, secrets, state


def _settings(root: Path, **more: str) -> config.Config:
    return config.load(environment={"SAMTALE_DATA": str(root)} | more)


def _folders(root: Path) -> folders.Folders:
    made = folders.place(_settings(root), privilege.Accounts(None, None))
    made.make()
    return made


def test_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    first = secrets.load_or_create(path)
    assert secrets.load_or_create(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(set(json.loads(path.read_text()).values())) == len(json.loads(path.read_text()))


def test_a_secret_that_came_later_is_added_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    first = secrets.load_or_create(path)
    old = json.loads(path.read_text())
    del old["hs_token"]
    path.write_text(json.dumps(old))
    again = secrets.load_or_create(path)
    assert again.mas == first.mas
    assert again.hs_token != first.hs_token


@pytest.mark.parametrize("content", ["{", "[]", '{"mas": ""}', '{"mas": 3}'])
def test_damaged_secrets_are_never_overwritten(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(content)
    with pytest.raises(secrets.SecretsError, match=r"secrets\.json: .*restore it from a backup"):
        secrets.load_or_create(path)
    assert path.read_text() == content


def test_server_name_is_fixed_at_the_first_start(tmp_path: Path) -> None:
    made = _folders(tmp_path)
    assert installation.check(_settings(tmp_path), made) is True
    assert installation.check(_settings(tmp_path), made) is False
    sentence = "environment: SAMTALE_MATRIX_SERVER_NAME: must stay 'localhost' as at the first start"
    with pytest.raises(installation.FixedError, match=sentence):
        installation.check(_settings(tmp_path, SAMTALE_MATRIX_SERVER_NAME="os2.eu"), made)


def test_demo_data_are_never_served_as_real_nor_real_as_demo(tmp_path: Path) -> None:
    demo = _folders(tmp_path / "demo")
    installation.check(_settings(tmp_path / "demo", SAMTALE_DEMO="true"), demo)
    with pytest.raises(installation.FixedError, match="made-up people: start it with --demo"):
        installation.check(_settings(tmp_path / "demo"), demo)
    real = _folders(tmp_path / "real")
    installation.check(_settings(tmp_path / "real"), real)
    with pytest.raises(installation.FixedError, match="holds a real installation"):
        installation.check(_settings(tmp_path / "real", SAMTALE_DEMO="true"), real)


def test_folders_are_private(tmp_path: Path) -> None:
    made = _folders(tmp_path / "data")
    for folder in (made.logs, made.database, made.socket, made.portal, made.synapse, made.proxy):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_socket_path_never_gets_too_long(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    place = folders.place(_settings(deep), privilege.Accounts(None, None))
    assert len(os.fsencode(place.socket)) < 90


def test_a_link_in_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data" / "logs").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(folders.FoldersError, match="must be a folder of this user"):
        _folders(tmp_path / "data")


def test_root_in_a_closed_folder_puts_the_database_outside(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    stranger = privilege.Account("nobody", os.getuid() + 12345, os.getgid() + 12345)
    place = folders.place(_settings(closed / "data"), privilege.Accounts(stranger, None))
    assert place.database.is_relative_to("/var/lib/os2samtale")
    assert place.root == closed / "data"
    assert place.portal == closed / "data" / "portal"
    assert place.elsewhere == place.database.parent


def test_root_in_a_closed_folder_puts_outside_what_runs_unprivileged(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    stranger = privilege.Account("nobody", os.getuid() + 12345, os.getgid() + 12345)
    place = folders.place(_settings(closed / "data"), privilege.Accounts(stranger, stranger))
    for folder in (place.database, place.portal_config, place.synapse, place.proxy):
        assert folder.is_relative_to("/var/lib/os2samtale")
    assert place.secrets == closed / "data" / "secrets.json"


def test_a_closed_data_folder_is_the_same_place_at_the_second_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = privilege.Account("nobody", os.getuid() + 12345, os.getgid() + 12345)
    # pytest's own folder is closed.
    monkeypatch.setattr(privilege.Account, "may_enter", lambda _, folder: folder != tmp_path / "data")
    (tmp_path / "data").mkdir(mode=0o700)
    place = folders.place(_settings(tmp_path / "data"), privilege.Accounts(stranger, stranger))
    assert place.database == tmp_path / "data" / "postgres"
    assert place.elsewhere is None


def test_what_runs_as_root_reads_no_folder_of_another_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owners: dict[Path, privilege.Account | None] = {}
    for module in (folders, proxy):
        monkeypatch.setattr(module, "give", owners.__setitem__)
    # pytest's own folder is closed.
    monkeypatch.setattr(privilege.Account, "may_enter", lambda *_: True)
    other = privilege.Account("nobody", 65534, 65534)
    accounts = privilege.Accounts(other, other)
    assert folders.place(_settings(tmp_path), accounts).proxy_account == other
    real = _settings(tmp_path, SAMTALE_PORTAL_HOSTNAME="samtale.dk", SAMTALE_PROXY_TLS="acme")
    place = folders.place(real, accounts)
    assert place.proxy_account is None
    assert proxy.part(real, place).account is None
    place.make()
    proxy.prepare(real, place)
    assert owners[place.portal] == other
    assert (owners[place.proxy], owners[place.proxy / "Caddyfile"]) == (None, None)


def test_the_socket_of_root_is_not_where_others_can_make_its_folder(tmp_path: Path) -> None:
    other = privilege.Account("nobody", 65534, 65534)
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    place = folders.place(_settings(deep), privilege.Accounts(other, None))
    assert place.socket.is_relative_to("/var/lib/os2samtale")
    assert len(os.fsencode(place.socket)) < 90


def test_a_folder_that_was_opened_is_closed_again(tmp_path: Path) -> None:
    made = _folders(tmp_path / ("x" * 60) / ("y" * 60))
    made.socket.chmod(0o777)
    made.portal.chmod(0o755)
    made.make()
    assert [stat.S_IMODE(each.stat().st_mode) for each in (made.socket, made.portal)] == [0o700, 0o700]
    made.socket.rmdir()


def test_a_second_supervisor_is_refused_with_the_pid_of_the_first(tmp_path: Path) -> None:
    lock = state.take_lock(tmp_path / "lock")
    state.sign_lock(lock)
    with pytest.raises(state.AlreadyRunningError, match=rf"already running \(pid {os.getpid()}\)"):
        state.take_lock(tmp_path / "lock")
    assert state.holder(tmp_path / "lock") == os.getpid()
    lock.close()
    assert state.holder(tmp_path / "lock") is None


def test_state_is_read_back_and_damage_is_no_state(tmp_path: Path) -> None:
    written = state.State(phase="running", pid=1, parts=(state.PartState("synapse", pid=2),))
    state.write(tmp_path / "state.json", written)
    assert state.read(tmp_path / "state.json") == written
    (tmp_path / "state.json").write_text('{"phase": 1')
    assert state.read(tmp_path / "state.json") is None


def test_log_files_rotate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_files, "LARGEST", 100)
    log = log_files.RotatingFile(tmp_path / "x.log")
    for number in range(40):
        log.write(f"{number:030}\n".encode())
    log.close()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["x.log", "x.log.1", "x.log.2", "x.log.3"]
    assert log_files.last_lines(tmp_path / "x.log.1", 1) == [f"{39:030}"]


@pytest.mark.parametrize("source", ["file", "environment"])
def test_taken_port_is_told_with_its_holder_and_where_it_was_chosen(source: str, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        file = tmp_path / "chosen.toml"
        file.write_text(f"[ports]\nsynapse = {port if source == 'file' else 28498}\n", encoding="utf-8")
        environment = {"SAMTALE_PROXY_PORT": "28490"}
        if source == "environment":
            environment["SAMTALE_PORTS_SYNAPSE"] = str(port)
        with pytest.raises(ports.PortTakenError) as caught:
            ports.check(config.load(file, environment=environment))
    where = {"file": f"{file}: ports.synapse", "environment": "environment: SAMTALE_PORTS_SYNAPSE"}[source]
    [told] = [line for line in str(caught.value).splitlines() if f"port {port} " in line]
    assert told.startswith(f"{where}: port {port} is taken by ")
    assert told.endswith(f"(pid {os.getpid()}): stop it, or choose another port")


def _listening(family: int, address: str, *, like_caddy: bool = True) -> socket.socket:
    taken = socket.socket(family, socket.SOCK_STREAM)
    if like_caddy:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if family == socket.AF_INET6:
        taken.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    taken.bind((address, 0))
    taken.listen()
    return taken


def _taken(**environment: str) -> str:
    with pytest.raises(ports.PortTakenError) as caught:
        ports.check(config.load(environment=environment))
    return str(caught.value)


def test_another_proxy_on_the_other_loopback_address_is_told() -> None:
    with _listening(socket.AF_INET6, "::1") as taken:
        port = taken.getsockname()[1]
        assert f"port {port} is taken by " in _taken(SAMTALE_PROXY_PORT=str(port))


@pytest.mark.parametrize(("family", "address"), [(socket.AF_INET, "127.0.0.2"), (socket.AF_INET6, "::1")])
def test_under_a_host_name_every_address_must_be_free(
    monkeypatch: pytest.MonkeyPatch, family: int, address: str
) -> None:
    with _listening(family, address) as taken, _listening(socket.AF_INET, "127.0.0.3") as acme:
        port = taken.getsockname()[1]
        monkeypatch.setattr(ports, "_ACME", acme.getsockname()[1])
        told = _taken(
            SAMTALE_PROXY_PORT=str(port), SAMTALE_PORTAL_HOSTNAME="samtale.dk", SAMTALE_PROXY_TLS="acme"
        )
    assert f"port {port} is taken by " in told
    assert "proxy.tls = acme needs port 80 for its certificates, which is taken by " in told


def test_port_shared_by_reuse_is_still_seen_as_taken() -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert not ports.is_free(taken.getsockname()[1])


def test_a_port_that_is_let_go_in_time_is_free() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        environment = {
            "SAMTALE_PROXY_PORT": "28490",
            "SAMTALE_PORTS_PORTAL": str(taken.getsockname()[1]),
            "SAMTALE_PORTS_SYNAPSE": "28498",
        }
        given = config.load(environment=environment)
        threading.Timer(0.3, taken.close).start()
        ports.check(given, patience=60)
