"""A PrivilegeList of OIO Basic Privilege Profile 1.2, as Context Handler 2 writes it."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr


@dataclass(frozen=True)
class Role:
    """One of our roles at KOMBIT. ``product``: a community's slug, when it is bounded to one."""

    name: str
    product: str | None = None


def attribute_value(roles: Sequence[Role], *, cvr: str, host: str) -> str:
    """Base64 of the document. ``host``: of the service provider's entityID, without port."""
    scope = quoteattr(f"urn:dk:gov:saml:cvrNumberIdentifier:{cvr}")
    groups = "".join(
        f"<PrivilegeGroup Scope={scope}>"
        f"<Privilege>{escape(f'http://{host}/roles/usersystemrole/{role.name}/1')}</Privilege>"
        f"{_constraint(role, host)}</PrivilegeGroup>"
        for role in roles
    )
    document = (
        '<?xml version="1.0" encoding="UTF-8"?><bpp:PrivilegeList '
        'xmlns:bpp="http://digst.dk/oiosaml/basic_privilege_profile" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{groups}</bpp:PrivilegeList>'
    )
    return base64.b64encode(document.encode()).decode()


def _constraint(role: Role, host: str) -> str:
    if role.product is None:
        return ""
    name = quoteattr(f"http://{host}/constraints/produkt/1")
    return f"<Constraint Name={name}>{escape(role.product)}</Constraint>"
