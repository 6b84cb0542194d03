"""The provider with made-up people runs in the demo and is no part of what anybody installs."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from samtale import config
from samtale.config import CHECKOUT
from samtale.stack import federation, platform, testidp
from samtale_testidp.people import EMPLOYEES


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pip install` gets."""
    builder = WheelBuilder(str(CHECKOUT))
    return Path(next(builder.build(directory=str(tmp_path_factory.mktemp("wheel")), versions=["standard"])))


def test_it_is_not_in_the_wheel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "samtale/stack/testidp.py" in names
    assert not [name for name in names if "samtale_testidp" in name]


def test_the_wheel_cannot_import_it(wheel: Path) -> None:
    # -I and -S: nothing but the standard library and the wheel.
    look = f"""
import importlib.util, sys
sys.path.append({str(wheel)!r})
print([bool(importlib.util.find_spec(name)) for name in ("samtale", "samtale_testidp")])
"""
    answer = subprocess.run(
        [sys.executable, "-I", "-S", "-c", look], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[True, False]"


def test_what_it_needs_is_installed_with_the_extra_alone(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    needed = [
        line for line in archive.read(name).decode().splitlines() if line.startswith("Requires-Dist: signxml")
    ]
    assert needed == ["Requires-Dist: signxml==5.2.0; extra == 'demo'"]


def test_the_demo_lets_it_speak_for_its_people_and_for_nobody_else() -> None:
    assert set(federation.DEMO_CVRS) == {employee.organisation.cvr for employee in EMPLOYEES}


def test_the_demo_tells_it_where_to_listen_and_whom_to_ask(tmp_path: Path) -> None:
    environment = {
        "SAMTALE_DATA": str(tmp_path),
        "SAMTALE_DEMO": "true",
        "SAMTALE_PORTS_TESTIDP": "18999",
    }
    settings = config.load(environment=environment)
    folders = platform.locate(settings)
    part = testidp.part(settings, folders)
    assert part.name == "testidp"
    assert part.command[1:] == (
        "-m",
        "samtale_testidp",
        "--port=18999",
        f"--data={folders.testidp}",
        f"--service-provider={settings.public_url}/adgang/saml/metadata",
        "--client-id=os2samtale",
        f"--client-secret={folders.testidp / 'client-secret'}",
        f"--redirect-uri={settings.public_url}/adgang/log-ind/retur/region/",
        f"--goodbye={settings.public_url}/adgang/logget-ud/",
    )
