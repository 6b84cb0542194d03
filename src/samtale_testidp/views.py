"""What each address does."""

from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from importlib import resources

from samtale_testidp import evil, logout, pages, people, sign_in
from samtale_testidp.exchange import Reply, Request, see_other
from samtale_testidp.logout import Signing
from samtale_testidp.openid import views as openid
from samtale_testidp.openid.provider import OpenidProvider
from samtale_testidp.provider import Provider
from samtale_testidp.rejected import Rejected, Unreachable
from samtale_testidp.sessions import Session
from samtale_testidp.sign_in import Form

View = Callable[[Provider, Request], Reply]
SESSION = "samtale_testidp_session"


def reply_to(provider: Provider, request: Request) -> Reply:
    """Whatever is asked for; what cannot be used ends on a page that says why."""
    methods = _VIEWS.get(request.path)
    if methods is None or (request.path.startswith("/oidc/") and provider.openid is None):
        return pages.page("rejected", request, status=HTTPStatus.NOT_FOUND, reason="there is no such page")
    view = methods.get(request.method)
    if view is None:
        allow = ("Allow", ", ".join(sorted(methods)))
        return Reply(b"", "text/plain", HTTPStatus.METHOD_NOT_ALLOWED, (allow,))
    try:
        return view(provider, request)
    except Rejected as rejected:
        return pages.page("rejected", request, status=HTTPStatus.BAD_REQUEST, reason=str(rejected))
    except Unreachable as unreachable:
        return pages.page("unreachable", request, status=HTTPStatus.BAD_GATEWAY, reason=str(unreachable))


def home(provider: Provider, request: Request) -> Reply:
    """What this is, and who has signed in."""
    official = provider.openid.session(_openid_cookie(request)) if provider.openid else None
    return pages.page("home", request, session=provider.sessions.of(_cookie(request)), official=official)


def health(_provider: Provider, _request: Request) -> Reply:
    """For the supervisor."""
    return Reply(b"ok", "text/plain")


def metadata(provider: Provider, _request: Request) -> Reply:
    """For the service provider."""
    return Reply(provider.metadata(), "application/samlmetadata+xml")


def ask(provider: Provider, request: Request) -> Reply:
    """A request to sign somebody in: answered at once, or with the question who one is."""
    asked = sign_in.asked(provider, request.query)
    form = asked.silently(provider.sessions.of(_cookie(request)))
    if form is not None:
        return _send(request, form)
    return pages.page("choose", request, employees=people.EMPLOYEES, service=asked.service)


def choose(provider: Provider, request: Request) -> Reply:
    """Who one is, that one would rather not say, or an attack. The request is in the address still."""
    asked = sign_in.asked(provider, request.query)
    if "cancel" in request.form:
        return _send(request, asked.nobody("AuthnFailed"))
    if "attack" in request.form:
        attack = evil.find(request.form["attack"])
        if attack is None:
            raise Rejected("attack must be one of those on the page")
        return _send(request, asked.attack(attack))
    employee = people.find(request.form.get("person", ""))
    if employee is None:
        raise Rejected("person must be one of those on the page")
    provider.sessions.end(_cookie(request))
    if not asked.is_enough(employee):
        return _send(request, asked.nobody("NoAuthnContext"))
    session = Session(employee)
    reply = _send(request, asked.person(session))
    if employee.refused:
        # Nobody could try again as somebody else if the next answer were silent.
        return reply
    cookie = provider.sessions.keep(session)
    return reply.but(("Set-Cookie", f"{SESSION}={cookie}; HttpOnly; SameSite=Lax; Path=/"))


def attacks(provider: Provider, request: Request) -> Reply:
    """Answers that must be refused, to be sent instead of a right one."""
    sign_in.asked(provider, request.query)
    return pages.page(
        "attacks", request, kinds=evil.kinds_for(provider.how), has_earlier=provider.earlier is not None
    )


def log_out(provider: Provider, request: Request) -> Reply:
    """A service provider asks to end a session."""
    return see_other(logout.answered(provider, request.query))


def log_out_everywhere(provider: Provider, request: Request) -> Reply:
    """We ask the service provider to end a session. Only when it may believe us is ours over too."""
    session = provider.sessions.of(_cookie(request))
    if session is None:
        raise Rejected("nobody has signed in here")
    try:
        signing = Signing(request.form.get("signing", ""))
    except ValueError as error:
        raise Rejected(f"signing must be one of {', '.join(Signing)}") from error
    onward = logout.everywhere(
        provider,
        session,
        signing=signing,
        lower_case="lower_case" in request.form,
    )
    if signing is Signing.RIGHT:
        provider.sessions.end(_cookie(request))
    return see_other(onward)


def log_out_here(provider: Provider, request: Request) -> Reply:
    """Forget who one is, without telling the service provider."""
    provider.sessions.end(_cookie(request))
    if provider.openid is not None:
        provider.openid.end(_openid_cookie(request))
    return see_other("/")


def logged_out(provider: Provider, request: Request) -> Reply:
    """The service provider's answer to our request."""
    return pages.page("logged_out", request, complete=logout.finished(provider, request.query))


def language(_provider: Provider, request: Request) -> Reply:
    """Choose one, and go on reading."""
    back = request.form.get("back", "/")
    if request.form.get("language") not in ("da", "en"):
        raise Rejected("language must be da or en")
    # Two slashes would lead to another host.
    if not back.startswith("/") or back.startswith(("//", "/\\")) or not back.isprintable():
        raise Rejected("back must be a path of ours")
    chosen = f"{pages.LANGUAGE}={request.form['language']}; SameSite=Lax; Path=/; Max-Age=31536000"
    return see_other(back).but(("Set-Cookie", chosen))


def stylesheet(_provider: Provider, _request: Request) -> Reply:
    return Reply(_static("pages.css"), "text/css; charset=utf-8")


def script(_provider: Provider, _request: Request) -> Reply:
    return Reply(_static("send.js"), "text/javascript; charset=utf-8")


def _by_openid(view: Callable[[OpenidProvider, Request], Reply]) -> View:
    """The same provider's other side."""

    def called(provider: Provider, request: Request) -> Reply:
        assert provider.openid is not None  # noqa: S101 - looked at before
        return view(provider.openid, request)

    return called


_VIEWS: Mapping[str, Mapping[str, View]] = {
    "/": {"GET": home},
    "/health": {"GET": health},
    "/metadata": {"GET": metadata},
    "/sso": {"GET": ask, "POST": choose},
    "/evil": {"GET": attacks},
    "/slo": {"GET": log_out},
    "/slo/answer": {"GET": logged_out},
    "/logout/everywhere": {"POST": log_out_everywhere},
    "/logout/here": {"POST": log_out_here},
    "/oidc/.well-known/openid-configuration": {"GET": _by_openid(openid.discovery)},
    "/oidc/jwks": {"GET": _by_openid(openid.jwks)},
    "/oidc/authorize": {"GET": _by_openid(openid.ask), "POST": _by_openid(openid.choose)},
    "/oidc/evil": {"GET": _by_openid(openid.attacks)},
    "/oidc/token": {"POST": _by_openid(openid.token)},
    "/oidc/logout": {"GET": _by_openid(openid.end_session)},
    "/language": {"POST": language},
    "/pages.css": {"GET": stylesheet},
    "/send.js": {"GET": script},
}


def _send(request: Request, form: Form) -> Reply:
    return pages.page("send", request, form=form)


def _cookie(request: Request) -> str:
    return request.cookies.get(SESSION, "")


def _openid_cookie(request: Request) -> str:
    return request.cookies.get(openid.COOKIE, "")


@cache
def _static(name: str) -> bytes:
    return (resources.files("samtale_testidp") / "static" / name).read_bytes()
