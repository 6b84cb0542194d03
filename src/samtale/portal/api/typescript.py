"""``python -m samtale.portal.api.typescript``: write the client's types from the shapes.

A test compares the file with what this makes, so that the two cannot drift apart.
"""

import dataclasses
import types
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from samtale.portal.api import shapes

FILE = Path(__file__).resolve().parents[4] / "web" / "src" / "mx" / "api-types.ts"
HEAD = """\
// Made by `python -m samtale.portal.api.typescript` from src/samtale/portal/api/shapes.py: change it there.
"""
PLAIN = {str: "string", bool: "boolean", int: "number", float: "number", type(None): "null"}


def text() -> str:
    """The whole file."""
    parts = [HEAD]
    parts += [f"export type {name} = {_literal(alias)}\n" for name, alias in shapes.ALIASES.items()]
    parts += [_interface(shape) for shape in shapes.SHAPES]
    return "\n".join(parts)


def name_of(shape: type) -> str:
    """Python's names end in ``Shape`` where a model has the plain one; TypeScript has no such neighbour."""
    return shape.__name__.removesuffix("Shape")


def _interface(shape: type) -> str:
    hints = get_type_hints(shape)
    fields = "".join(f"  {field.name}: {_type(hints[field.name])}\n" for field in dataclasses.fields(shape))
    return f"{_comment(shape)}export interface {name_of(shape)} {{\n{fields}}}\n"


def _comment(shape: type) -> str:
    lines = (shape.__doc__ or "").replace("``", "`").strip().splitlines()
    return f"/** {' '.join(line.strip() for line in lines)} */\n"


def _type(hint: Any) -> str:
    for name, alias in shapes.ALIASES.items():
        if hint == alias:
            return name
    if hint in PLAIN:
        return PLAIN[hint]
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return name_of(hint)
    origin = get_origin(hint)
    if origin is list:
        return f"{_type(get_args(hint)[0])}[]"
    if origin in (Union, types.UnionType):
        return " | ".join(_type(part) for part in get_args(hint))
    raise TypeError(f"no TypeScript for {hint!r}")


def _literal(alias: Any) -> str:
    if get_origin(alias) is not Literal:
        raise TypeError(f"no alias of words: {alias!r}")
    return " | ".join(f"'{word}'" for word in get_args(alias))


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
