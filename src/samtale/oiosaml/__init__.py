"""An OIOSAML 3 service provider for Django: sign-in through FK Adgangsstyring and its like.

Imports nothing of samtale, so that others can use it alone. The profile is "OIOSAML Web SSO Profile 3.0.3",
with what KOMBIT's Context Handler does otherwise.
"""
