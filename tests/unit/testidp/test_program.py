"""The program itself: its key, where it listens, what it says, and how it ends."""

import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil
import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from samtale_testidp import keys
from samtale_testidp.provider import Provider


def start(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "samtale_testidp", *arguments], stderr=subprocess.PIPE, text=True
    )


def test_it_runs_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with start(
        "--port=0", f"--data={tmp_path / 'data'}", "--service-provider=http://127.0.0.1:9/"
    ) as program:
        assert program.stderr is not None
        url = program.stderr.readline().split()[-1]
        assert httpx.get(f"{url}/health").text == "ok"
        listening = [
            connection.laddr.ip
            for connection in psutil.Process(program.pid).net_connections()
            if connection.status == psutil.CONN_LISTEN
        ]
        assert listening == ["127.0.0.1"]
        # Nothing answers at the service provider's address.
        assert httpx.get(f"{url}/sso?SAMLRequest=x").status_code == 502
        program.send_signal(signal.SIGTERM)
        assert program.wait(20) == 0


def test_a_key_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "signing.pem").write_text("nonsense")
    with start("--port=0", f"--data={tmp_path}", "--service-provider=http://127.0.0.1:9/") as program:
        assert program.wait(20) == 1
        assert program.stderr is not None
        assert program.stderr.read().strip()


def test_the_key_is_made_once_for_a_folder(tmp_path: Path) -> None:
    first, again = keys.load_or_create(tmp_path / "a"), keys.load_or_create(tmp_path / "a")
    other = keys.load_or_create(tmp_path / "b")
    assert first.pem == again.pem != other.pem
    assert first.private.key_size == 3072
    files = list((tmp_path / "a").iterdir())
    assert [(file.name, stat.S_IMODE(file.stat().st_mode)) for file in files] == [("signing.pem", 0o600)]


def test_the_certificate_is_signed_as_oces3_does() -> None:
    made = keys.make(datetime.now(UTC), bits=2048).certificate
    assert isinstance(made.signature_algorithm_parameters, padding.PSS)
    key = made.public_key()
    assert isinstance(key, RSAPublicKey)
    made.verify_directly_issued_by(made)


def test_pages_are_in_both_languages(browser: httpx.Client) -> None:
    assert 'lang="da"' in browser.get("/").text
    answer = browser.post("/language", data={"language": "en", "back": "/?a=b"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/?a=b")
    assert "For trying out only" in browser.get("/").text


@pytest.mark.parametrize(
    ("language", "back"),
    [
        ("de", "/"),
        ("en", "//evil.example"),
        ("en", "/\\evil.example"),
        ("en", "https://evil.example"),
        ("en", "/\nx"),
    ],
)
def test_a_language_leads_nowhere_else(browser: httpx.Client, language: str, back: str) -> None:
    assert browser.post("/language", data={"language": language, "back": back}).status_code == 400


@pytest.mark.parametrize(("path", "kind"), [("/pages.css", "text/css"), ("/send.js", "text/javascript")])
def test_pages_have_files_of_their_own(browser: httpx.Client, path: str, kind: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)


def test_what_is_not_there(browser: httpx.Client) -> None:
    assert browser.get("/nothing").status_code == 404
    answer = browser.post("/metadata")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


def test_a_form_that_cannot_be_read(browser: httpx.Client) -> None:
    assert browser.post("/language", content=b"back=\xff").status_code == 400
    assert browser.post("/language", content=b"x" * (64 * 1024 + 1)).status_code == 413
    assert browser.post("/language", content=iter([b"back=", b"/"])).status_code == 413


@pytest.mark.parametrize("cookie", ["", "samtale_testidp_session=", "a=b; =;;;", 'x="\x7f'])
def test_a_cookie_that_says_nothing(browser: httpx.Client, cookie: str) -> None:
    assert browser.get("/", headers={"Cookie": cookie}).status_code == 200


def test_metadata_name_what_there_is(running: Provider, browser: httpx.Client) -> None:
    answer = browser.get("/metadata")
    assert answer.headers["content-type"] == "application/samlmetadata+xml"
    for url in (running.sso_url, running.slo_url, running.slo_answer_url):
        assert f'ocation="{url}"' in answer.text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<x/>", "no EntityDescriptor"),
        (b"<x", "not well-formed"),
        (b"<!DOCTYPE x><x/>", "document type"),
        (
            b'<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"><SPSSODescriptor/>'
            b"</EntityDescriptor>",
            "must have AssertionConsumerService",
        ),
    ],
)
def test_metadata_of_a_service_that_cannot_be_used(
    browser: httpx.Client, running: Provider, tmp_path: Path, data: bytes, reason: str
) -> None:
    (tmp_path / "metadata.xml").write_bytes(data)
    answer = browser.get("/sso?SAMLRequest=x")
    assert answer.status_code == 502
    assert reason in answer.text
