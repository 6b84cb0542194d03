"""How long an identity provider's answer takes, from the form field to verified claims, and all beside that.

The answers are in the shape of KOMBIT's Context Handler 2 (RSA-OAEP with SHA-256, AES-256-GCM, the assertion
signed with RSA-SHA256), about somebody with privileges, made beforehand by the test identity provider's code.
Ours makes all of its checks; beside it stands python3-saml, which checks less, with the same answers in turn.
Its schema refuses the element `xenc11:MGF` that Context Handler sends, so both get the same answers without
that element (MGF1 with SHA-1 is what its absence means); ours on the full shape has rows of its own.

What a sign-in costs besides, the requests, what is remembered against replay, the session, the audit log, is
measured apart, in the portal on a database of its own. An answer of 10 MB must be refused at once.

    .venv/bin/python bench/oiosaml.py [--answers 500] [--sign-ins 200] [--json]
"""

import secrets
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from unittest.mock import patch

# Before whatever needs Django.
from own_database import own_database  # isort: split

import federation
import people as cast
import report
from django.conf import settings
from django.test import Client, override_settings
from federation import SLUG, Municipality
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from rich.progress import track

from samtale.audit.models import Entry
from samtale.config_sections import OiosamlSection
from samtale.identity.sessions import end as end_session
from samtale.oiosaml import algorithms, known_metadata, pending, response, sessions, sign_in
from samtale.oiosaml.algorithms import CONTEXT_HANDLER_2, Allowed
from samtale.oiosaml.refusal import Refused
from samtale_testidp import answers, people
from samtale_testidp.answers import Answer, Keys, Sealing

IDP, SP, ACS = "https://idp.example", "https://samtale.example", "https://samtale.example/adgang/saml/acs"
PATH = "/adgang/saml/acs"
REQUEST = "_request"
#: No MGF stated, which stands for MGF1 with SHA-1.
WITHOUT_MGF = Sealing(mgf=None)
TAKES_THAT = Allowed(key_digests=CONTEXT_HANDLER_2.key_digests | {algorithms.MGF1_SHA1})
TOO_LARGE = "A" * 10_000_000
TOO_LARGE_FORM = f"RelayState=x&SAMLResponse={TOO_LARGE}".encode()
FORM = "application/x-www-form-urlencoded"
#: Milliseconds.
LONGEST_REFUSAL = 50.0
#: Of python3-saml's time.
MOST = 1.0

Times = dict[str, list[float]]


class Pair:
    """An identity provider and a service that trusts it; ours and python3-saml in the service's place."""

    def __init__(self) -> None:
        self.idp = federation.make_keys("provider")
        self.own = federation.make_keys("service")
        self._theirs = OneLogin_Saml2_Settings(_settings(self.idp, self.own), sp_validation_only=True)

    def answer(self, how: Sealing) -> str:
        """A right one, with ids of its own."""
        made = Answer(
            issuer=IDP,
            recipient=ACS,
            audience=SP,
            request_id=REQUEST,
            person=people.FREJA.subject("samtale.example"),
            now=datetime.now(UTC),
        )
        sealed = answers.encrypted(
            answers.signed(made.assertion(), self.idp), self.own.private.public_key(), how
        )
        return answers.form_value(made.response(sealed))

    def ours(self, field: str, allowed: Allowed = CONTEXT_HANDLER_2) -> None:
        request = response.Request(REQUEST, ACS, SP, datetime.now(UTC))
        provider = response.Provider(IDP, [self.idp.pem], frozenset({people.OS2.cvr}), allowed)
        found = response.accept(field, request, provider, [self.own.private], lambda _id, _until: True)
        assert found.subject.serial == people.FREJA.serial

    def theirs(self, field: str) -> None:
        found = OneLogin_Saml2_Response(self._theirs, field)
        request = {"https": "on", "http_host": "samtale.example", "script_name": PATH}
        assert found.is_valid(request, request_id=REQUEST), found.get_error()
        assert found.get_nameid() == people.FREJA.name_id
        assert found.get_attributes()

    def theirs_refusing(self, field: str) -> None:
        try:
            OneLogin_Saml2_Response(self._theirs, field)
        except Exception:  # noqa: BLE001  # whatever it says of what is no XML
            return
        raise AssertionError("python3-saml took it")


def _settings(idp: Keys, own: Keys) -> dict[str, Any]:
    """As strict as python3-saml can be for answers whose envelope is not signed."""
    return {
        "strict": True,
        "sp": {
            "entityId": SP,
            "assertionConsumerService": {"url": ACS},
            "x509cert": own.pem.decode(),
            "privateKey": _private_pem(own),
        },
        "idp": {
            "entityId": IDP,
            "singleSignOnService": {"url": f"{IDP}/sso"},
            "x509cert": idp.pem.decode(),
        },
        "security": {
            "wantAssertionsSigned": True,
            "wantAssertionsEncrypted": True,
            "rejectDeprecatedAlgorithm": True,
            "requestedAuthnContext": False,
        },
    }


def _private_pem(keys: Keys) -> str:
    with tempfile.TemporaryDirectory() as folder:
        return federation.write_key(Path(folder) / "key.pem", keys).read_text()


def verifying(number: int) -> list[report.Row]:
    """Bytes to claims, by ours and by python3-saml."""
    pair = Pair()
    without_mgf, full = "the same answer without MGF", "the full shape of Context Handler 2"
    ways: dict[str, tuple[Sealing, Callable[[str], None]]] = {
        without_mgf: (WITHOUT_MGF, partial(pair.ours, allowed=TAKES_THAT)),
        "python3-saml": (WITHOUT_MGF, pair.theirs),
        full: (answers.CONTEXT_HANDLER_2, pair.ours),
    }
    times: Times = defaultdict(list)
    for round_ in track(range(-10, number), "verifying", console=report.ASIDE):
        # In turn, so that whatever else this machine does falls on all.
        for what, (how, verify) in ways.items():
            taken = timed(partial(verify, pair.answer(how)))
            if round_ >= 0:
                times[what].append(taken)
    rows = []
    for what in (without_mgf, full):
        for name, part in (("p50", 50), ("p95", 95)):
            peer = quantile(times["python3-saml"], part)
            found = quantile(times[what], part)
            rows.append(report.row(f"{what}, {name}", found, "ms", most_ratio=MOST, peer=peer))
    refused = median(timed(partial(_refused, pair)) for _ in range(21))
    theirs = median(timed(partial(pair.theirs_refusing, TOO_LARGE)) for _ in range(21))
    what = "a field of 10 MB refused, p50"
    rows.append(report.row(what, refused, "ms", most=LONGEST_REFUSAL, peer=theirs))
    return rows


def _refused(pair: Pair) -> None:
    try:
        pair.ours(TOO_LARGE)
    except Refused:
        return
    raise AssertionError("ours took it")


@contextmanager
def municipality() -> Iterator[Municipality]:
    """One that the portal knows."""
    with tempfile.TemporaryDirectory() as folder:
        keys = {name: federation.make_keys(name) for name in ("keys", "service_keys")}
        made = Municipality.beside(Path(folder), **keys)
        config = replace(
            settings.CONFIG,
            oiosaml={SLUG: OiosamlSection(name="Din kommune", metadata="x", cvr=(people.AARHUS.cvr,))},
            fka=replace(settings.CONFIG.fka, entity_id=made.service.entity_id),
        )
        with override_settings(OIOSAML=made.service, CONFIG=config):
            yield made


#: What is looked at inside a sign-in: whose, and its name there.
PARTS: dict[str, tuple[Any, str]] = {
    "the provider's metadata read": (known_metadata, "current"),
    "pending request kept": (pending, "new_sign_in"),
    "pending request taken": (pending, "take"),
    "answer verified, replay row in it": (response, "accept"),
    "replay row written": (sign_in, "_remember"),
    "verified answer kept for the browser": (pending, "keep_answer"),
    "verified answer taken": (pending, "take_answer"),
    "session bound to the provider's": (sessions, "remember"),
    "audit entry written": (Entry.objects, "create"),
}


@contextmanager
def looked_at(times: Times) -> Iterator[None]:
    """Note how long each part takes from now on."""
    with ExitStack() as stack:
        for what, (owner, name) in PARTS.items():
            stack.enter_context(patch.object(owner, name, _noting(getattr(owner, name), times[what])))
        yield


def _noting(function: Callable[..., Any], taken: list[float]) -> Callable[..., Any]:
    def noting(*arguments: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            taken.append((time.perf_counter() - began) * 1000)

    return noting


def signing_in(number: int) -> list[report.Row]:
    """The portal's part, step by step."""
    times: Times = defaultdict(list)
    with own_database(), municipality() as known:
        cast.organisation(people.AARHUS.name)
        for _ in range(5):
            sign_in_once(known, defaultdict(list))
        with looked_at(times):
            for _ in track(range(number), "signing in", console=report.ASIDE):
                sign_in_once(known, times)
        post = partial(Client.post, path=PATH, data=TOO_LARGE_FORM, content_type=FORM)
        refused = median(timed(partial(post, browser())) for _ in range(21))
    rows = [
        report.row(f"{what}, {name}", quantile(times[what], part), "ms")
        for what in (*STEPS, *PARTS)
        for name, part in (("p50", 50), ("p95", 95))
    ]
    what = "a form of 10 MB refused by the page, p50"
    rows.append(report.row(what, refused, "ms", most=LONGEST_REFUSAL))
    return rows


def browser() -> Client:
    """From an address of its own, so that nobody asks too often."""
    return Client(SERVER_NAME=settings.CONFIG.hostname, REMOTE_ADDR=f"2001:db8::{secrets.token_hex(2)}")


STEPS = ("request: sent to the provider", "request: the answer arrives", "request: the session begins")


def sign_in_once(known: Municipality, times: Times) -> None:
    """Anna, in a browser of her own, from an address of its own."""
    asking, arriving, beginning = STEPS
    client = browser()
    leaving = noted(times[asking], partial(client.get, f"/adgang/log-ind/med/{SLUG}/"))
    asked = known.asked(leaving)
    said = known.sealed(known.answer(asked["id"], people.ANNA))
    form = {"SAMLResponse": said, "RelayState": asked["RelayState"]}
    posted = noted(times[arriving], partial(client.post, PATH, form))
    assert posted.status_code == 303, posted.content
    page = noted(times[beginning], partial(client.get, posted["Location"]))
    assert page.status_code == 302, page.content
    assert "_auth_user_id" in client.session
    # Each that is left open is looked at by the next sign-in; people have few.
    end_session(client.session.session_key)


def noted(taken: list[float], act: Callable[[], Any]) -> Any:
    """What it returns; ``taken`` gets its milliseconds."""
    return _noting(act, taken)()


def timed(act: Callable[[], Any]) -> float:
    """Milliseconds."""
    taken: list[float] = []
    noted(taken, act)
    return taken[0]


def quantile(values: list[float], percent: int) -> float:
    return quantiles(values, n=100)[percent - 1]


def main() -> int:
    parser = report.parser(__doc__)
    parser.add_argument("--answers", type=int, default=500)
    parser.add_argument("--sign-ins", type=int, default=200)
    options = parser.parse_args()
    settings.LOGGING_CONFIG = None
    # Django's commands print what they do, and standard output is for the figures.
    with redirect_stdout(sys.stderr):
        rows = verifying(options.answers) + signing_in(options.sign_ins)
    title = f"An answer in Context Handler 2's shape, {options.answers:,} times"
    return report.Report("oiosaml", title, "python3-saml", rows).finish(as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
