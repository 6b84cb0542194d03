"""What the layers above hear from identity. Sent inside the transaction that made the change, so that a
receiver's job is enqueued together with it. Sender: `Person`; arguments: ``person``."""

from django.dispatch import Signal

#: The person may no longer be signed in anywhere: end every session and device at once.
person_locked = Signal()
#: The person was not confirmed for long: end every session and device; they may sign in.
person_rests = Signal()
#: The person may sign in again.
person_unlocked = Signal()
#: Name, role, organisation, expiry or language changed: make what is derived agree.
person_changed = Signal()
#: Somebody signs out, and their session ends now. Sender: Django's `Session`; arguments: ``session_key``. A
#: receiver may return a path of our own that the browser must go to first.
leaving = Signal()
#: Sessions in browsers were ended by more than their own sign-out, which is Django's `user_logged_out`.
#: Sender: Django's `Session`; arguments: ``keys``, those of the sessions.
sessions_ended = Signal()
