"""The keys that we show the federation: their files, and whether KOMBIT would take their certificates."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import NameOID

from samtale.config_sections import FkaSection
from samtale.oiosaml import keys
from samtale.stack import federation_keys, private_files
from samtale.stack.finding import Finding, Verdict
from samtale.stack.folders import Folders

#: Days left, from which on one should act: soon, now, at once.
SOON, NOW, AT_ONCE = 60, 30, 7
_ISSUER = "Den Danske Stat"
#: The certificate policies of OCES3.
_POLICIES = "1.2.208.169.1.1.1.3."
#: A legal person's number in a national register (ETSI EN 319 412-1, section 5.1.4): CVR.
_REGISTERED = "NTRDK-"


def examine(section: FkaSection, folders: Folders) -> list[Finding]:
    """Both uses, and that they do not share a key."""
    findings: list[Finding] = []
    used: list[set[object]] = []
    for use, paths in (("signing", section.signing_keys), ("encryption", section.encryption_keys)):
        numbers = set[object]()
        for number, path in enumerate(paths):
            what = f"{use} key" if number == 0 else f"{use} key beside it"
            try:
                password_file = Path(section.password_file) if section.password_file else None
                certificate = keys.load(Path(path), password_file).certificate
            except keys.KeyProblem as problem:
                findings.append(_unusable(what, Path(path), str(problem)))
                continue
            numbers.add(_number(certificate))
            findings.append(_file(what, Path(path), certificate, folders))
            findings += _certificate(what, certificate, in_use=number == 0)
        used.append(numbers)
    if used[0] & used[1]:
        advice = "name different files in fka.signing_keys and fka.encryption_keys"
        findings.append(
            Finding("keys apart", "bad", "one key is used for signing and for encryption", advice)
        )
    return findings


def ends(what: str, at: datetime, advice: str) -> Finding:
    """How long something lasts. ``advice``: what to do when it is soon over."""
    days = (at - datetime.now(UTC)).days
    found = f"until {at:%Y-%m-%d}, {days} days" if days >= 0 else f"ran out on {at:%Y-%m-%d}"
    if days >= SOON:
        return Finding(what, "good", found)
    verdict: Verdict = "bad" if days < AT_ONCE else "warning"
    return Finding(what, verdict, found, f"{advice}{' now' if days < NOW else ''}")


def _unusable(what: str, path: Path, problem: str) -> Finding:
    advice = "name a file that can be used" if path.exists() else "`samtale fka keys new` makes ours"
    return Finding(what, "bad", problem, advice)


def _file(what: str, path: Path, certificate: x509.Certificate, folders: Folders) -> Finding:
    found = f"{path}: {_bits(certificate)}, SHA-256 {federation_keys.fingerprint(certificate)}"
    if wrong := private_files.problem(path, folders):
        return Finding(what, "bad", f"{found}, {wrong.what}", wrong.advice)
    return Finding(what, "good", found)


def _certificate(what: str, certificate: x509.Certificate, *, in_use: bool) -> Iterator[Finding]:
    if certificate.not_valid_before_utc > datetime.now(UTC):
        begins = f"not valid before {certificate.not_valid_before_utc:%Y-%m-%d}"
        yield Finding(f"{what}, dates", "bad", begins, "wait for that day, or look at the clock")
    elif in_use:
        yield ends(
            f"{what}, dates", certificate.not_valid_after_utc, "get its successor and begin a rollover"
        )
    yield _kind(f"{what}, kind", certificate)


def _kind(what: str, certificate: x509.Certificate) -> Finding:
    """Whether it is an OCES3 certificate of an organisation or a system, as KOMBIT asks for."""
    issuer = _name(certificate.issuer, NameOID.COMMON_NAME)
    organisation = _name(certificate.subject, NameOID.ORGANIZATION_IDENTIFIER)
    found = f"issued by {issuer or 'nobody named'} to {organisation or 'no organisation'}"
    wrong = [
        reason
        for is_wrong, reason in (
            (_ISSUER not in issuer or "OCES" not in issuer, f"its issuer is not {_ISSUER} OCES"),
            (
                not any(policy.startswith(_POLICIES) for policy in _policies(certificate)),
                "it has no policy of OCES3",
            ),
            (
                not organisation.startswith(_REGISTERED),
                f"its organizationIdentifier does not begin with {_REGISTERED}",
            ),
        )
        if is_wrong
    ]
    if wrong:
        return Finding(
            what,
            "warning",
            f"{found}: {', '.join(wrong)}",
            "KOMBIT will refuse it: order an OCES3 certificate for a system in MitID Erhverv, one for each "
            "use, and name the files in fka.signing_keys and fka.encryption_keys",
        )
    if "test" in issuer.lower():
        return Finding(what, "warning", f"{found}, for tests", "ask KOMBIT whether they take it")
    return Finding(what, "good", found)


def _policies(certificate: x509.Certificate) -> Sequence[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return ()
    return [policy.policy_identifier.dotted_string for policy in found]


def _name(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    return ", ".join(str(one.value) for one in name.get_attributes_for_oid(oid))


def _bits(certificate: x509.Certificate) -> str:
    key = certificate.public_key()
    return f"RSA, {key.key_size} bits" if isinstance(key, RSAPublicKey) else "no RSA"


def _number(certificate: x509.Certificate) -> object:
    """Equal for certificates of one key."""
    key = certificate.public_key()
    return key.public_numbers() if isinstance(key, RSAPublicKey) else certificate
