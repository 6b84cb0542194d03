"""An identity provider that answers as KOMBIT's Context Handler 2 does, for tests and the demo.

Written with signxml and cryptography alone: it shares no code with the side that it tests.
"""
