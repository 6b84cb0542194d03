"""Files (Client-Server API, "Content repository")."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from samtale.homeserver.sender import Call, Json


@dataclass(frozen=True)
class UploadMedia(Call[str]):
    """Store a file; the answer is its ``mxc://`` address. 413 when it is larger than the server allows."""

    content: bytes = field(repr=False)
    media_type: str
    filename: str

    @property
    def path(self) -> str:
        return "/_matrix/media/v3/upload"

    @property
    def query(self) -> Mapping[str, str]:
        return {"filename": self.filename}

    @property
    def body(self) -> bytes:
        return self.content

    @property
    def content_type(self) -> str:
        return self.media_type

    def answer(self, status: int, data: Json) -> str:
        return str(data["content_uri"])
