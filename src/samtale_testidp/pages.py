"""The pages: Danish first, English beside, no script and no style inside them."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from samtale_testidp.exchange import Reply, Request

LANGUAGE = "samtale_testidp_language"
#: Without form-action: an answer goes to another site, and a browser would check where that leads to as well.
_ANYWHERE = "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'"


def page(name: str, request: Request, *, status: int = 200, **values: object) -> Reply:
    """A template with values, in the language that the browser chose."""
    language = "en" if request.cookies.get(LANGUAGE) == "en" else "da"
    here = f"{request.path}?{request.query}" if request.query else request.path
    text = (
        _environment()
        .get_template(f"{name}.html")
        .render(language=language, here=here, query=request.query, **values)
    )
    return Reply(
        text.encode(),
        status=status,
        headers=(
            ("Content-Security-Policy", _ANYWHERE),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
        ),
    )


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("samtale_testidp"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["say"] = _say
    return made


@pass_context
def _say(context: Context, danish: str, english: str) -> str:
    return english if context["language"] == "en" else danish
