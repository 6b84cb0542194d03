"""The demo: made-up conversations between made-up people of real organisations. Never in a real install."""
