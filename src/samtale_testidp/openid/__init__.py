"""The same people by OpenID Connect Core 1.0: code flow with PKCE, one client, and wrong answers by name."""
