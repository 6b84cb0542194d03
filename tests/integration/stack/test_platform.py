"""The command on a running platform: status, doctor, second start, logs, what root may see."""

import json
import os
import stat

import httpx
import psutil
from platform_under_test import Platform

from samtale.stack import code

PARTS = ["postgres", "synapse", "portal", "worker", "proxy"]


def test_status_tells_each_part(bare: Platform) -> None:
    answer = bare.samtale("status", "--json")
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    assert set(found) == {"healthy", "url", "parts", "warnings"}
    assert (found["healthy"], found["url"]) == (True, bare.url)
    assert sorted(part["name"] for part in found["parts"]) == sorted(PARTS)
    for part in found["parts"]:
        assert set(part) == {"name", "healthy", "pid", "rss_mb", "since", "detail"}
        assert part["healthy"] is True
        assert psutil.pid_exists(part["pid"])
        assert part["rss_mb"] > 1


def test_second_start_is_refused_with_one_sentence(bare: Platform) -> None:
    answer = bare.samtale("up")
    assert answer.returncode == 1
    assert answer.stderr.strip().splitlines() == [
        f"{bare.root}: already running (pid {bare.supervisor_pid}): `samtale status` shows it, "
        "`samtale down` stops it"
    ]
    assert bare.status()["healthy"] is True


def test_start_where_it_runs_already_can_be_fine(bare: Platform) -> None:
    # Somebody may be at work on the code while the tests run; that is not what is asked here.
    code.note(bare.folders)
    answer = bare.samtale("up", "--ensure")
    assert answer.returncode == 0, answer.stderr
    assert bare.url in answer.stdout


def test_taken_ports_are_named_with_pid_and_variable(bare: Platform) -> None:
    other = Platform(bare.root.with_name(f"{bare.root.name}-other"), bare.ports["proxy"], with_demo=False)
    answer = other.samtale("up")
    assert answer.returncode == 1
    told = answer.stderr.strip().splitlines()
    assert [line.partition(": port ")[0] for line in told] == [
        f"environment: SAMTALE_{key}" for key in ("PROXY_PORT", "PORTS_PORTAL", "PORTS_SYNAPSE")
    ]
    assert f"port {bare.ports['proxy']} is taken by caddy (pid {bare.pid('proxy')})" in told[0]


def test_doctor_finds_nothing_bad(bare: Platform) -> None:
    answer = bare.samtale("doctor", "--json")
    found = {each["what"]: each for each in json.loads(answer.stdout)}
    assert answer.returncode == 0, [each for each in found.values() if each["verdict"] == "bad"]
    assert {"machine", "disk", "clock", "certificates", "database", "client build", "proxy.port"} <= set(
        found
    )
    assert found["synapse reaches portal"]["verdict"] == "good"


def test_config_show_masks_secrets(bare: Platform) -> None:
    answer = bare.samtale("config", "show")
    assert f"port = {bare.ports['proxy']}" in answer.stdout
    for secret in json.loads(bare.folders.secrets.read_text()).values():
        assert secret not in answer.stdout


def test_logs_of_a_part_and_of_no_part(bare: Platform) -> None:
    assert "ready to accept connections" in bare.samtale("logs", "postgres", "-n", "200").stdout
    answer = bare.samtale("logs", "nonsense")
    assert answer.returncode == 1
    assert "there is no log of 'nonsense'; there are " in answer.stderr


def test_no_secret_is_in_a_log(bare: Platform) -> None:
    written = "".join(path.read_text(errors="replace") for path in bare.folders.logs.iterdir())
    for name, secret in json.loads(bare.folders.secrets.read_text()).items():
        assert secret not in written, name


def test_demo_links_outside_the_demo_are_refused(bare: Platform) -> None:
    answer = bare.samtale("demo", "links")
    assert answer.returncode == 1
    assert answer.stdout == ""


def test_every_listener_is_on_loopback(bare: Platform) -> None:
    ours = {bare.supervisor_pid}
    ours |= {child.pid for child in psutil.Process(bare.supervisor_pid).children(recursive=True)}
    listeners = [
        connection.laddr
        for connection in psutil.net_connections(kind="inet")
        if connection.pid in ours and connection.status == psutil.CONN_LISTEN
    ]
    assert {address.port for address in listeners} == set(bare.ports.values())
    assert {address.ip for address in listeners} <= {"127.0.0.1", "::1"}


def test_parts_do_not_run_as_root_where_they_need_not(bare: Platform) -> None:
    users = {part: psutil.Process(bare.pid(part)).uids().effective for part in PARTS}
    accounts = bare.folders.accounts
    assert users["postgres"] != 0
    if os.geteuid() == 0 and accounts.programs is not None:
        assert set(users.values()) == {accounts.programs.uid}


def test_data_folder_keeps_secrets_to_its_owner(bare: Platform) -> None:
    for path in (bare.folders.secrets, bare.folders.portal_config, bare.folders.synapse / "homeserver.yaml"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_portal_restarts_without_a_gap(bare: Platform) -> None:
    path = f"{bare.url}/adgang/matrix/.well-known/openid-configuration"
    leader = psutil.Process(bare.pid("portal"))
    before = {child.pid for child in leader.children(recursive=True)}
    leader.send_signal(1)
    answers = []
    with httpx.Client() as client:
        while before & {child.pid for child in leader.children(recursive=True)}:
            answers.append(client.get(path).status_code)
    assert answers
    assert set(answers) == {200}
    assert leader.is_running()
