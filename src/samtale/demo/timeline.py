"""When things happened: days before today as real times, none of them in the future."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from samtale.demo.material import DANISH_TIME, Material, Moment

#: How old the newest message is when the demo is loaded.
NEWEST = timedelta(minutes=4)
#: Between a message and the reactions to it.
REACTION = timedelta(seconds=40)


@dataclass(frozen=True)
class Timeline:
    """``loaded_at``: what the demo calls now. ``shift``: moves all of today so that it ends just before."""

    loaded_at: datetime
    shift: timedelta

    @classmethod
    def of(cls, material: Material, loaded_at: datetime) -> "Timeline":
        today = loaded_at.astimezone(DANISH_TIME).date()
        newest = max(
            message.at.on(today)
            for messages in (
                *(conversation.messages for conversation in material.conversations),
                *(chat.messages for chat in material.private_chats),
            )
            for message in messages
            if message.at.days_before == 0
        )
        return cls(loaded_at, loaded_at - NEWEST - newest)

    def at(self, moment: Moment) -> datetime:
        when = moment.on(self.loaded_at.astimezone(DANISH_TIME).date())
        return when + self.shift if moment.days_before == 0 else when

    def reaction(self, message: datetime, number: int) -> datetime:
        """``number`` counts the reactions to the message from 0."""
        return min(message + (number + 1) * REACTION, self.loaded_at)


def milliseconds(when: datetime) -> int:
    """Since 1970, as Matrix counts."""
    return (when - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)
