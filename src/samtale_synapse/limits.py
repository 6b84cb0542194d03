"""Sizes that the module enforces and clients may want to know. Plain data; imports nothing."""

from typing import Final

#: People in a private chat, invited ones included.
PRIVATE_CHAT_MEMBERS: Final = 10
#: Unicode code points in a topic's name.
TOPIC_NAME_CHARACTERS: Final = 60
#: Bytes of JSON in a ``dk.os2.topic`` state event.
TOPIC_STATE_BYTES: Final = 1024
#: Bytes of JSON in the state that says one device is in a call.
CALL_STATE_BYTES: Final = 4096
