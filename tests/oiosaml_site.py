"""A site that uses the app, and a web server that has a provider's metadata."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import SignatureConstructionMethod
from signxml.signer import XMLSigner

from samtale.oiosaml.conf import ProviderSettings, ServiceSettings
from samtale_testidp import metadata
from samtale_testidp.answers import Keys

IDP = "https://saml.kommune.example"


def service(folder: Path, *keys: Path, **provider: Any) -> ServiceSettings:
    """One provider, ``kommune``, has its metadata in ``folder / "idp.xml"`` unless ``provider`` says else."""
    usual = {"name": "Kommune", "metadata": str(folder / "idp.xml"), "cvrs": frozenset({"55133018"})}
    return ServiceSettings(
        base_url="https://os2samtale.example",
        entity_id="https://saml.os2samtale.example",
        name="OS2samtale",
        host="samtale.lifecycle.municipal",
        logged_out_url="/",
        contact_company="OS2",
        contact_email="drift@os2.example",
        signing_keys=keys,
        encryption_keys=keys,
        providers={"kommune": ProviderSettings(**{**usual, **provider})},
        require_https=False,
    )


def idp_metadata(keys: Keys, *, until: datetime | None = None, signed_by: Keys | None = None) -> bytes:
    """A provider's own. ``until``: its validUntil."""
    document = metadata.document(
        entity_id=IDP,
        sso_url=f"{IDP}/sso",
        slo_url=f"{IDP}/slo",
        slo_answer_url=f"{IDP}/slo/answer",
        certificate=keys.certificate,
    )
    root = etree.fromstring(document)
    root.set("ID", "_metadata")
    if until is not None:
        root.set("validUntil", f"{until.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    if signed_by is not None:
        signer = XMLSigner(
            method=SignatureConstructionMethod.enveloped,
            c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#",
        )
        root = signer.sign(
            root, key=signed_by.private, cert=[signed_by.certificate], reference_uri="_metadata"
        )
    return etree.tostring(root)


@dataclass
class Published:
    """What the web server answers, to be changed while it runs."""

    address: str
    content: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@contextmanager
def web_server(tls: tuple[Path, Path] | None = None) -> Iterator[Published]:
    """``tls``: files of certificate and key."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            published.asked.append(self.path)
            self.send_response(published.status)
            for name, value in published.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(published.content)))
            self.end_headers()
            self.wfile.write(published.content)

        def log_message(self, *_: Any) -> None:
            """Nothing: the tests' output is for the tests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        published = Published(f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}/metadata")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield published
        server.shutdown()
        thread.join()


def tls_files(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    addresses = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2046, 1, 1, tzinfo=UTC))
        .add_extension(addresses, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "tls.pem", folder / "tls.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private
