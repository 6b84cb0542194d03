"""What a site hears. Receivers run in the request that the signal comes from."""

from django.dispatch import Signal

#: An answer or a logout was not accepted. Arguments: ``request``; ``provider``: slug or ""; ``step`` and
#: ``reason``: for the audit log, nothing personal in them; ``reference``: the number on the person's page;
#: ``onward``: what was given when the sign-in began, or "".
refused = Signal()

#: A provider, or the person, logged out of a session that began with a provider's answer. Arguments:
#: ``request``, ``provider``, ``session_key``. The session itself is deleted right after.
session_ended = Signal()
