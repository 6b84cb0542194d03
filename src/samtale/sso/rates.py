"""How often a browser or a service may ask. A service is one address, whatever number of people use it."""

from samtale.identity.rates import Rate

AUTHORIZE = Rate("sso-authorize", 300, 60)
TOKEN = Rate("sso-token", 1200, 60)
USERINFO = Rate("sso-userinfo", 1200, 60)
LOGOUT = Rate("sso-logout", 120, 60)
