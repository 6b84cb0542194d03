"""An OpenID Connect client (OpenID Connect Core 1.0): other authorities, and brokers, say who somebody is.

What is believed is the ID token and nothing else. No access token is used, and the provider is asked for
nothing more.
"""
