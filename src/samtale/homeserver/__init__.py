"""Synapse's HTTP APIs. Each call is a frozen dataclass; :class:`~samtale.homeserver.sender.Sender` sends it.

================================  ======================================================================
``sender``                        ``Call``, ``Sender`` and the errors every caller handles
``acting_as``                     the only place where something is done as a person
``mas``                           users and devices: the whole contract Synapse has with its auth service
``application_service``           the portal's own account ``@samtale``
``rooms``                         rooms, membership, state, aliases
``events``                        messages, threads, relations, redactions
``personal``                      read receipts and account data, which belong to one person
``media``                         files
``module``                        what our module inside Synapse is told
``recipe``                        how a channel and a community look as rooms
================================  ======================================================================

Nothing here reads a setting: addresses and secrets are passed in.
"""
