"""OpenID Connect: the providers that we ask, the services that ask us, and the secrets between us."""

from collections.abc import Iterator
from pathlib import Path

from samtale.config import Config
from samtale.oidc import discovery
from samtale.oidc.conf import SecretProblem, read_secret
from samtale.oidc.http import Unreachable
from samtale.stack import authorities, private_files
from samtale.stack.finding import Finding
from samtale.stack.folders import Folders


def providers(config: Config, folders: Folders) -> Iterator[Finding]:
    """Each authority and each broker: what it says about itself, its keys, our secret there."""
    for slug, section in (authorities.oidc(config, folders) | authorities.broker(config)).items():
        yield _provider(f"provider {slug}", section.issuer)
        yield _secret(f"provider {slug}, our secret", Path(section.secret_file), folders)


def services(config: Config, folders: Folders) -> Iterator[Finding]:
    """The secret of each service that has one."""
    for slug, section in config.sso.items():
        if not section.public:
            yield _secret(f"service {slug}, its secret", config.path(section.secret_file), folders)


def _provider(what: str, issuer: str) -> Finding:
    try:
        found = discovery.keys(discovery.provider(issuer), with_key=None)
    except Unreachable as problem:
        advice = "nobody can sign in by it until it answers: compare issuer with what who runs it says"
        return Finding(what, "bad", str(problem), advice)
    return Finding(what, "good", f"{issuer}: {len(found.keys)} keys")


def _secret(what: str, path: Path, folders: Folders) -> Finding:
    try:
        wrong = private_files.problem(path, folders)
        if wrong is None:
            read_secret(path)
    except OSError as error:
        return Finding(what, "bad", f"{path}: {error.strerror}", "put the secret there, and chmod 600")
    except SecretProblem as problem:
        return Finding(what, "bad", str(problem), "put the secret there, and chmod 600")
    if wrong is not None:
        return Finding(what, "bad", f"{path}, {wrong.what}", wrong.advice)
    return Finding(what, "good", str(path))
