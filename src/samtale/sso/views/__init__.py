"""The endpoints of the OpenID Provider."""
