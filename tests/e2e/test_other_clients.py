"""Clients that nobody here wrote."""

import os
import shutil
import subprocess

from e2e.browser import ROOT
from platform_under_test import Platform

from samtale.stack import client


def node() -> str:
    """The environment's Node, else the machine's."""
    found = shutil.which("node", path=f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    assert found, "Node is missing: `make bootstrap` gets it"
    return found


def test_matrix_js_sdk_signs_in_through_the_real_pages_and_works(platform: Platform) -> None:
    """Discovery, registration, code grant, refresh, sync, send, logout (web/test/proof/js-sdk.mjs)."""
    anna = platform.person("anna")
    done = subprocess.run(
        [
            node(),
            "test/proof/js-sdk.mjs",
            f"--url={platform.url}",
            f"--email={anna.email}",
            f"--password={anna.password}",
        ],
        cwd=ROOT / "web",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "a foreign client signs in and works" in done.stdout


def test_the_clients_own_layer_works_against_the_platform(platform: Platform) -> None:
    """All that the layer beneath the pages does, without them (web/test/live)."""
    one, other = platform.person("carla"), platform.person("ali")
    done = subprocess.run(
        [
            str(client.node()),
            "node_modules/vitest/vitest.mjs",
            "run",
            "--config",
            "test/live/vitest.config.ts",
        ],
        cwd=ROOT / "web",
        env=os.environ
        | {
            "SAMTALE_URL": platform.url,
            "SAMTALE_EMAIL": one.email,
            "SAMTALE_PASSWORD": one.password,
            "SAMTALE_OTHER_EMAIL": other.email,
            "SAMTALE_OTHER_PASSWORD": other.password,
        },
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
