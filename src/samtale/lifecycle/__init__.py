"""Flows that cross the other parts: first sign-in, moving, leaving."""
