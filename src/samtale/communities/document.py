"""Reading YAML strictly: every value knows its line, a complaint says file, line, what is wrong and allowed.

Complaints are collected, so that one run shows them all.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import yaml

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_SLUG = 60


@dataclass(frozen=True, order=True)
class Complaint:
    """``line`` counts from 1."""

    line: int
    what: str

    def within(self, source: str) -> str:
        return f"{source}:{self.line}: {self.what}"


@dataclass
class Complaints:
    """What is wrong so far."""

    found: list[Complaint] = field(default_factory=list)

    def add(self, line: int, what: str) -> None:
        self.found.append(Complaint(line, what))


def line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


@dataclass(frozen=True)
class Entry:
    """A mapping of the file. Reading a key of the wrong kind complains and gives the default."""

    values: dict[str, yaml.Node]
    lines: dict[str, int]
    line: int
    what: str
    complaints: Complaints

    def has(self, key: str) -> bool:
        return key in self.values

    def line_at(self, key: str) -> int:
        return self.lines.get(key, self.line)

    def text(self, key: str, *, most: int, default: str | None = None) -> str:
        """A string of 1 to ``most`` characters. Without ``default`` the key must be there."""
        node = self.values.get(key)
        if node is None:
            if default is None:
                self.complaints.add(self.line, f"{self.what}: {key} is missing")
            return default or ""
        value = node.value if isinstance(node, yaml.ScalarNode) else None
        if not isinstance(value, str) or not value.strip() or len(value) > most or "\n" in value.strip():
            self.complaints.add(
                line_of(node), f"{self.what}: {key} must be one line of 1 to {most} characters"
            )
            return default or ""
        return value.strip()

    def slug(self, key: str = "slug") -> str:
        value = self.text(key, most=MAX_SLUG)
        if value and not SLUG.fullmatch(value):
            self.complaints.add(
                self.line_at(key),
                f"{self.what}: {key} must be of a-z, 0-9 and single hyphens, as os2display, got {value!r}",
            )
            return ""
        return value

    def choice(self, key: str, allowed: tuple[str, ...], *, default: str | None = None) -> str:
        value = self.text(key, most=40, default=default)
        if value and value not in allowed:
            self.complaints.add(
                self.line_at(key), f"{self.what}: {key} must be one of {', '.join(allowed)}, got {value!r}"
            )
            return default or ""
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        node = self.values.get(key)
        if node is None:
            return default
        if not isinstance(node, yaml.ScalarNode) or node.tag != "tag:yaml.org,2002:bool":
            self.complaints.add(line_of(node), f"{self.what}: {key} must be true or false")
            return default
        return bool(node.value.lower() in ("true", "yes", "on"))

    def entry(self, key: str, known: tuple[str, ...], what: str) -> "Entry | None":
        node = self.values.get(key)
        return entry_of(node, known, what, self.complaints) if node is not None else None

    def entries(self, key: str, known: tuple[str, ...], what: str) -> Iterator["Entry"]:
        for node in self._items(key):
            entry = entry_of(node, known, what, self.complaints)
            if entry is not None:
                yield entry

    def texts(self, key: str) -> Iterator[tuple[str, int]]:
        """Strings of a list (or one string alone), each with its line."""
        for node in self._items(key):
            if isinstance(node, yaml.ScalarNode) and node.value.strip():
                yield node.value.strip(), line_of(node)
            else:
                self.complaints.add(line_of(node), f"{self.what}: {key} must hold texts only")

    def named(self, key: str, read: Callable[[str, yaml.Node], None]) -> None:
        """Call ``read`` for each name of a mapping whose keys are free."""
        node = self.values.get(key)
        if node is None:
            return
        if not isinstance(node, yaml.MappingNode):
            self.complaints.add(line_of(node), f"{self.what}: {key} must be a mapping")
            return
        for name, value in node.value:
            read(str(name.value), value)

    def _items(self, key: str) -> list[yaml.Node]:
        node = self.values.get(key)
        if node is None:
            return []
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        if isinstance(node, yaml.ScalarNode) and node.value:
            return [node]
        self.complaints.add(line_of(node), f"{self.what}: {key} must be a list")
        return []


def entry_of(node: yaml.Node, known: tuple[str, ...], what: str, complaints: Complaints) -> Entry | None:
    """``node`` as a mapping with keys of ``known`` only, each once; None when it is no mapping."""
    if not isinstance(node, yaml.MappingNode):
        complaints.add(line_of(node), f"{what}: must be a mapping with {', '.join(known)}")
        return None
    values: dict[str, yaml.Node] = {}
    lines: dict[str, int] = {}
    for key_node, value in node.value:
        key = str(key_node.value)
        if key not in known:
            complaints.add(line_of(key_node), f"{what}: unknown key {key!r}; known are {', '.join(known)}")
        elif key in values:
            complaints.add(line_of(key_node), f"{what}: {key} is given twice")
        else:
            values[key] = value
            lines[key] = line_of(key_node)
    return Entry(values, lines, line_of(node), what, complaints)
