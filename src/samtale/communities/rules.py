"""Who gets what without anybody lifting a finger: the rules of the file, applied to a person."""

from collections.abc import Iterable

from samtale.communities.models import Community, JoinRule
from samtale.identity.models import Person


def default_communities(person: Person) -> list[Community]:
    """The communities the person joins by rule. A guest joins none: they are invited to channels."""
    if person.is_guest or person.organisation is None:
        return []
    slugs: set[str] = set()
    for rule in JoinRule.objects.all():
        if person.organisation.kind in rule.when.get("organisation.kind", ()):
            slugs.update(rule.give.get("join", ()))
    return list(Community.objects.filter(slug__in=slugs, archived=False))


def moderated_by_privilege(constraints: Iterable[tuple[str, str]]) -> list[Community]:
    """The communities that a sign-in privilege names.

    Args:
        constraints: name and value of each constraint that came with the privilege ``moderator``; a value is
            one slug or several with commas between them. A name that no rule knows, and a slug that no
            community has, gives nothing.
    """
    given = list(constraints)
    slugs: set[str] = set()
    for rule in JoinRule.objects.filter(when__privilege="moderator"):
        wanted = str(rule.give["role"]["moderator"]).removeprefix("constraint.")
        for name, value in given:
            if name == wanted:
                slugs.update(slug.strip() for slug in value.split(","))
    return list(Community.objects.filter(slug__in=slugs, archived=False))
