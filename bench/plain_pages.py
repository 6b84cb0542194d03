"""Pages that do as little as can be, served by the same kind of Caddy: what ours are measured against.

``form/``: the two fields of a sign-in, plain HTML and nothing else. ``list/``: React, one question for a
list, and the list. ``sdk/``: matrix-js-sdk as an application bundles it, with no view at all.
"""

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from platform_under_test import Platform

from samtale.stack import client, proxy

WEB = Path(__file__).resolve().parents[1] / "web"
CHANNELS = 12

_FORM = """<!doctype html><html lang="da"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Log ind</title><form method="post"><label>E-mail <input name="login" type="email"></label>
<label>Adgangskode <input name="password" type="password"></label><button>Log ind</button></form></html>
"""
_PAGE = """<!doctype html><html lang="da"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Plain</title><body><div id="app"></div><script type="module" src="/main.js"></script></body></html>
"""
_LIST = """
import { createElement, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'

function List() {
  const [channels, setChannels] = useState([])
  useEffect(() => { fetch('channels.json').then((answer) => answer.json()).then(setChannels) }, [])
  const link = (name) => createElement('a', { key: name, href: `#/c/${name}` }, name)
  return createElement('nav', null, channels.map(link))
}
createRoot(document.getElementById('app')).render(createElement(List))
"""
_SDK = """
import { createClient } from 'matrix-js-sdk'

const client = createClient({ baseUrl: location.origin, userId: '@anna:localhost', accessToken: 'none' })
document.getElementById('app').textContent = client.getUserId()
"""
_SETTINGS = "export default { base: './', build: { target: 'es2023', modulePreload: { polyfill: false } } }\n"


@contextmanager
def served(running: Platform, port: int) -> Iterator[str]:
    """The address under which the pages are."""
    client.install()
    with tempfile.TemporaryDirectory(prefix="plain-pages-") as folder:
        root = Path(folder) / "root"
        (root / "form").mkdir(parents=True)
        (root / "form" / "index.html").write_text(_FORM, encoding="utf-8")
        _build(Path(folder) / "list", _LIST, root / "list")
        _build(Path(folder) / "sdk", _SDK, root / "sdk")
        names = [f"Kanal {number}" for number in range(CHANNELS)]
        (root / "list" / "channels.json").write_text(json.dumps(names), encoding="utf-8")
        address = f"127.0.0.1:{port}"
        command = [str(proxy.program(running.config)), "file-server", f"--root={root}", f"--listen={address}"]
        with subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as caddy:
            try:
                _wait(f"http://{address}/form/")
                yield f"http://{address}"
            finally:
                caddy.terminate()


def _build(folder: Path, script: str, target: Path) -> None:
    """Bundle and minify as our own client is, with its packages."""
    folder.mkdir()
    (folder / "node_modules").symlink_to(WEB / "node_modules")
    (folder / "index.html").write_text(_PAGE, encoding="utf-8")
    (folder / "main.js").write_text(script, encoding="utf-8")
    (folder / "vite.config.mjs").write_text(_SETTINGS, encoding="utf-8")
    vite = WEB / "node_modules" / "vite" / "bin" / "vite.js"
    command = [str(client.node()), str(vite), "build", "--outDir", str(target), "--emptyOutDir"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise SystemExit(f"vite could not build {folder.name}:\n{done.stdout}{done.stderr}")


def _wait(address: str) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            httpx.get(address).raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return
