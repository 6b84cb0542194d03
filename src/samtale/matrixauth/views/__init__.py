"""The endpoints: each parses a request, asks the rules and answers."""
