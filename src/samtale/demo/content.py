"""Markdown with mentions into the content of a Matrix message (Client-Server API, "m.room.message")."""

import html
import mimetypes
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from samtale.homeserver.sender import Json

_MENTION = re.compile(r"@\{([^}]+)\}")
_ADDRESS = re.compile(r"(?<![(<`\w])https?://[^\s<>`)]*[^\s<>`).,:;!?]")
_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


@dataclass(frozen=True)
class Named:
    """Who an address of the material is: Matrix id and display name."""

    user_id: str
    name: str


def text_message(text: str, people: Mapping[str, Named]) -> Json:
    """``people``: by the address in ``@{address}``. Raises KeyError for an address that nobody has."""
    mentioned = [people[address] for address in dict.fromkeys(_MENTION.findall(text))]
    body = _MENTION.sub(lambda found: people[found[1]].name, text)
    content: Json = {
        "msgtype": "m.text",
        "body": body,
        "m.mentions": {"user_ids": [person.user_id for person in mentioned]} if mentioned else {},
    }
    formatted = rendered(text, people)
    if formatted != html.escape(body, quote=False):
        content |= {"format": "org.matrix.custom.html", "formatted_body": formatted}
    return content


def rendered(text: str, people: Mapping[str, Named]) -> str:
    """HTML. A single paragraph comes without its ``<p>``, as Matrix clients write it."""
    outside_code = [
        part if number % 2 else _linked(part, people) for number, part in enumerate(_CODE.split(text))
    ]
    formatted = str(_MARKDOWN.render("".join(outside_code))).strip()
    if formatted.startswith("<p>") and formatted.endswith("</p>") and formatted.count("<p>") == 1:
        formatted = formatted.removeprefix("<p>").removesuffix("</p>")
    return formatted.replace("&quot;", '"')


def _linked(text: str, people: Mapping[str, Named]) -> str:
    linked = _ADDRESS.sub(lambda found: f"<{found[0]}>", text)
    return _MENTION.sub(
        lambda found: f"[{people[found[1]].name}](https://matrix.to/#/{people[found[1]].user_id})", linked
    )


def file_message(text: Json, file: Path, alt: str, url: str) -> Json:
    """``text``: the message's content, which becomes the file's caption. ``url``: the ``mxc://`` address."""
    media_type = media_type_of(file)
    info: Json = {"mimetype": media_type, "size": file.stat().st_size}
    size = _png_size(file)
    if size is not None:
        info |= {"w": size[0], "h": size[1]}
    content = text | {
        "msgtype": "m.image" if media_type.startswith("image/") else "m.file",
        "filename": file.name,
        "url": url,
        "info": info,
    }
    if alt:
        content["dk.os2.alt"] = alt
    return content


def media_type_of(file: Path) -> str:
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"


def _png_size(file: Path) -> tuple[int, int] | None:
    """Width and height, which stand in the file's first chunk."""
    with file.open("rb") as stream:
        head = stream.read(24)
    if head[:8] != b"\x89PNG\r\n\x1a\n":
        return None
    width, height = struct.unpack(">II", head[16:24])
    return width, height
