"""What the privileges of a municipality may give here (OIO BPP), and what they may not.

Local administrators of 98 municipalities hand them out, so they never make an owner, and an administrator
only of an organisation that is named for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from samtale.oiosaml.privileges import Group, granted

PRODUCT = "produkt"


@dataclass(frozen=True)
class Grants:
    """``left_out``: why a group gave nothing, for the log."""

    member: bool
    administrator: bool
    products: frozenset[str]
    left_out: tuple[str, ...]


def of(groups: Iterable[Group], *, cvr: str) -> Grants:
    """What holds for somebody of the organisation ``cvr``."""
    member, moderator, administrator = (_privilege(name) for name in ("medlem", "moderator", "administrator"))
    product = f"http://{_host()}/constraints/{PRODUCT}/1"
    found = granted(
        groups,
        cvr=cvr,
        known_constraints={product},
        known_privileges={member, moderator, administrator},
    )
    left_out = list(found.left_out)
    products: set[str] = set()
    gives_administrator = False
    for grant in found.grants:
        if grant.privilege == moderator:
            # Without a product it is a moderator of nothing.
            products |= grant.constraints.get(product, frozenset())
        elif grant.privilege == administrator and grant.constraints:
            left_out.append("administrator is limited to products, which it cannot be")
        elif grant.privilege == administrator and cvr not in settings.CONFIG.fka.administrator_cvr:
            left_out.append("administrator does not count for this organisation")
        elif grant.privilege == administrator:
            gives_administrator = True
    return Grants(
        member=any(grant.privilege == member for grant in found.grants),
        administrator=gives_administrator,
        products=frozenset(products),
        left_out=tuple(left_out),
    )


def _privilege(name: str) -> str:
    return f"http://{_host()}/roles/usersystemrole/{name}/1"


def _host() -> str:
    """Of our entity id, as the federation derives the domain of a system's roles from it."""
    return urlsplit(settings.CONFIG.fka.entity_id).hostname or str(settings.CONFIG.hostname)
