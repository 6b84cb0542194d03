"""How often a client may ask. Generous: a whole town hall may sit behind one address."""

from samtale.identity.rates import Rate

#: A device refreshes every five minutes: 3,000 devices behind one address.
TOKEN = Rate("token", 600, 60)
#: A client registers once and keeps its id.
REGISTRATION = Rate("registration", 60, 60)
AUTHORIZE = Rate("authorize", 300, 60)
