"""However a closed path is spelled, nothing behind the proxy hears of it."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as made_up
from lone_proxy import LoneProxy, started

#: What may lie between two segments.
BETWEEN = made_up.sampled_from(
    [
        "/",
        "/",
        "//",
        "/./",
        "/x/../",
        "/x/%2e%2e/",
        "/%2e/",
        "%2f",
        "/..;/",
        "\\",
        "%5c",
        "/;x/",
        "/%252e%252e/",
    ]
)
SEGMENTS = made_up.sampled_from(
    [
        "_synapse",
        "_matrix",
        "admin",
        "mas",
        "client",
        "app",
        "v1",
        "register",
        "query_user",
        "..",
        "metrics",
        "%2e%2e",
    ]
)
CLOSED = re.compile(r"^/(_synapse/(?!client(/|$))|_matrix/app/)", re.IGNORECASE)


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoneProxy]:
    with started(tmp_path_factory.mktemp("proxy")) as running:
        yield running


@made_up.composite
def paths(draw: made_up.DrawFn) -> str:
    """Known segments, each letter perhaps in capitals or percent-encoded, with odd things between them."""
    path = ""
    for segment in draw(made_up.lists(SEGMENTS, min_size=1, max_size=5)):
        letter = draw(made_up.integers(0, len(segment) - 1))
        how = draw(made_up.sampled_from([str, str.upper, lambda c: f"%{ord(c):02x}"]))
        spelled = (
            segment if "%" in segment else segment[:letter] + how(segment[letter]) + segment[letter + 1 :]
        )
        path += draw(BETWEEN) + spelled
    return path if path.startswith("/") else "/" + path


def resolved(path: str) -> str:
    """As a server reads it that decodes once, resolves dots and joins slashes."""
    kept: list[str] = []
    for segment in unquote(path).split("/"):
        if segment == "..":
            kept = kept[:-1]
        elif segment not in {"", "."}:
            kept.append(segment)
    return "/" + "/".join(kept)


def check(proxy: LoneProxy, examples: int) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=examples < 100,
        suppress_health_check=list(HealthCheck),
    )
    @given(paths())
    def nothing_hears(path: str) -> None:
        answer = proxy.get(path)
        if CLOSED.match(resolved(path)):
            assert answer.status != 200, (path, answer.body)
        elif answer.status == 200 and answer.body.startswith("synapse "):
            assert not CLOSED.match(resolved(answer.body.split()[1])), (path, answer.body)

    nothing_hears()


def test_no_spelling_opens_what_is_closed(proxy: LoneProxy) -> None:
    check(proxy, 80)


@pytest.mark.long
def test_no_spelling_opens_what_is_closed_at_length(proxy: LoneProxy) -> None:
    check(proxy, 10_000)
