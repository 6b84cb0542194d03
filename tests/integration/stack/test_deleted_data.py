"""The data folder is deleted while the platform runs: nothing lives on that nobody could find and stop."""

import shutil

import psutil
from platform_under_test import Platform

from samtale.stack import ports
from samtale.stack.folders import outside


def test_a_deleted_data_folder_ends_everything(bare: Platform) -> None:
    supervisor = psutil.Process(bare.supervisor_pid)
    tree = supervisor.children(recursive=True)
    assert {bare.pid(part) for part in ("postgres", "synapse", "portal", "worker", "proxy")} <= {
        process.pid for process in tree
    }
    delete(bare)
    assert bare.wait_for_end() == 1
    _, alive = psutil.wait_procs(tree, timeout=60)
    assert not alive, [process.cmdline() for process in alive]
    assert all(ports.is_free(port) for port in bare.ports.values())
    assert not bare.root.exists()


def test_a_folder_made_anew_at_once_belongs_to_the_new_supervisor(bare: Platform) -> None:
    bare.start()
    before = psutil.Process(bare.supervisor_pid)
    delete(bare)
    bare.start()
    psutil.wait_procs([before], timeout=60)
    assert not before.is_running()
    assert bare.status()["healthy"] is True


def delete(platform: Platform) -> None:
    """As `rm -rf` until it succeeds: the parts go on writing meanwhile."""
    for folder in (platform.root, outside(platform.root)):
        while folder.exists():
            shutil.rmtree(folder, ignore_errors=True)
