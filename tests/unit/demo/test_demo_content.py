"""Markdown and mentions as Matrix messages; what is sent into a room and in which order."""

from datetime import UTC, datetime

import pytest

from samtale.demo import script
from samtale.demo.content import Named, file_message, rendered, text_message
from samtale.demo.ledger import KEY
from samtale.demo.material import DATA, material
from samtale.demo.timeline import Timeline

PEOPLE = {
    "bo@x.dk": Named("@b0:localhost", "Bo Ek"),
    "liam@x.dk": Named("@l1:localhost", "Liam O'Connor"),
}


def test_plain_text_has_no_html() -> None:
    assert set(text_message("Hej", PEOPLE)) == {"msgtype", "body", "m.mentions"}


def test_a_mention_is_a_pill_and_a_mention() -> None:
    message = text_message("Tak, @{bo@x.dk} og @{liam@x.dk}! @{bo@x.dk}?", PEOPLE)
    assert message["body"] == "Tak, Bo Ek og Liam O'Connor! Bo Ek?"
    assert message["m.mentions"] == {"user_ids": ["@b0:localhost", "@l1:localhost"]}
    assert '<a href="https://matrix.to/#/@b0:localhost">Bo Ek</a>' in message["formatted_body"]
    assert "Liam O'Connor</a>" in message["formatted_body"]


def test_a_mention_of_nobody_is_an_error() -> None:
    with pytest.raises(KeyError):
        text_message("@{nobody@x.dk}", PEOPLE)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**fed** og *kursiv*", "<strong>fed</strong> og <em>kursiv</em>"),
        ("en\nto", "en<br />\nto"),
        ("en\n\nto", "<p>en</p>\n<p>to</p>"),
        ("`a < b`", "<code>a &lt; b</code>"),
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("se https://x.example/a.", 'se <a href="https://x.example/a">https://x.example/a</a>.'),
        ("`https://x.example`", "<code>https://x.example</code>"),
        ("[navn](https://x.example)", '<a href="https://x.example">navn</a>'),
        ("```bash\na && b\n```", '<pre><code class="language-bash">a &amp;&amp; b\n</code></pre>'),
    ],
)
def test_markdown(markdown: str, html: str) -> None:
    assert rendered(markdown, PEOPLE) == html


def test_a_picture_carries_its_size_and_what_it_shows() -> None:
    picture = DATA / "demo-files" / "foyer-skaerm.png"
    message = file_message(text_message("Se her", PEOPLE), picture, "En skærm", "mxc://localhost/abc")
    assert (message["msgtype"], message["filename"], message["body"]) == ("m.image", picture.name, "Se her")
    assert message["info"]["mimetype"] == "image/png"
    assert message["info"]["size"] == picture.stat().st_size
    assert message["info"]["w"] > message["info"]["h"] > 100
    assert message["dk.os2.alt"] == "En skærm"


def test_another_file_is_a_file() -> None:
    log = DATA / "demo-files" / "skaermlog-foyer.txt"
    message = file_message(text_message("Loggen", PEOPLE), log, "", "mxc://localhost/abc")
    assert (message["msgtype"], message["info"]["mimetype"]) == ("m.file", "text/plain")
    assert "dk.os2.alt" not in message


def lines_of(path: str) -> list[script.Line]:
    found = material()
    people = {
        person.email: Named(f"@{number}:localhost", person.name) for number, person in enumerate(found.people)
    }
    guests = frozenset(person.email for person in found.people if person.role == "guest")
    conversations = tuple(c for c in found.conversations if c.path == path)
    timeline = Timeline.of(found, datetime(2026, 11, 24, 12, tzinfo=UTC))
    return script.of_channel(
        conversations,
        timeline,
        people,
        guests=guests,
        new=found.new(),
        address=lambda file: f"mxc://localhost/{file.path.name}",
    )


def test_a_topic_is_a_heading_with_a_thread_under_it() -> None:
    lines = lines_of("os2display/support")
    ids = {line.key: f"${number}" for number, line in enumerate(lines)}
    heading = lines[0]
    assert heading.content(ids.__getitem__) == {
        "msgtype": "m.notice",
        "body": "Ny Raspberry Pi starter uden billede",
        "dk.os2.topic": {"name": "Ny Raspberry Pi starter uden billede"},
        "m.mentions": {},
        KEY: heading.key,
    }
    first = lines[1].content(ids.__getitem__)
    assert first["m.relates_to"] == {
        "rel_type": "m.thread",
        "event_id": "$0",
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": "$0"},
    }


def test_each_file_has_its_own_address() -> None:
    sent = [
        content
        for path in {conversation.path for conversation in material().conversations}
        for line in lines_of(path)
        if "url" in (content := line.content(lambda key: f"${key}"))
    ]
    assert len(sent) == 3
    for content in sent:
        assert content["url"] == f"mxc://localhost/{content['filename']}"


def test_what_somebody_has_not_read_rings_and_nothing_else() -> None:
    new = material().new()
    ringing = set()
    for path in {conversation.path for conversation in material().conversations}:
        for line in lines_of(path):
            content = line.content(lambda key: f"${key}")
            if line.event_type == "m.room.message" and "dk.os2.topic" not in content:
                if script.READ not in content:
                    ringing.add(line.key)
                else:
                    assert content[script.READ] is True
    assert ringing == {key for key in new if not key.startswith("private/")}
    assert len(ringing) == 14


def test_a_quoted_reply_names_what_it_answers() -> None:
    lines = lines_of("os2display/support")
    ids = {line.key: f"${number}" for number, line in enumerate(lines)}
    replies = [
        content["m.relates_to"]
        for line in lines
        if line.event_type == "m.room.message"
        and (content := line.content(ids.__getitem__)).get("m.relates_to", {}).get("is_falling_back") is False
    ]
    [reply] = replies
    quoted = next(key for key, event_id in ids.items() if event_id == reply["m.in_reply_to"]["event_id"])
    assert quoted.endswith("/m8")


def test_a_guest_resolves_nothing() -> None:
    found = material()
    guests = {person.email for person in found.people if person.role == "guest"}
    for path in {conversation.path for conversation in found.conversations}:
        for line in lines_of(path):
            assert line.state_key is None or line.by not in guests


def test_lines_come_in_the_order_of_time_after_what_they_need() -> None:
    for path in {conversation.path for conversation in material().conversations}:
        sent: set[str] = set()
        lines = lines_of(path)
        assert [line.at for line in lines] == sorted(line.at for line in lines)
        for line in lines:

            def known(key: str, sent: set[str] = sent, line: script.Line = line) -> str:
                assert key in sent, f"{line.key} needs {key}"
                return "$"

            line.content(known)
            if line.state_key is not None:
                known(line.state_key)
            sent.add(line.key)
