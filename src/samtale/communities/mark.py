"""How a community is written: OS2 light, the part that differs strong, two letters for its mark."""

import re

_PRODUCT = re.compile(r"(OS2)(.+)")


def name_parts(name: str) -> tuple[str, str]:
    """`OS2` and `display`; a community that is called something else is all of its own."""
    found = _PRODUCT.fullmatch(name)
    return (found[1], found[2]) if found else ("", name)


def letters(name: str) -> str:
    """`di` for OS2display; what is called `OS2 ` and something belongs to all of OS2."""
    shared, own = name_parts(name)
    return "os" if shared and own.startswith(" ") else own.strip()[:2].lower()
