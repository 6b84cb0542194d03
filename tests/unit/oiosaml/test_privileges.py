"""OIO BPP as producers write it, and what a group gives."""

import base64

import pytest

from samtale.oiosaml import privileges
from samtale.oiosaml.privileges import Grant, Group
from samtale.oiosaml.refusal import Refused

OWN = "19435075"
DIGST, ITST = (f"http://{who}.dk/oiosaml/basic_privilege_profile" for who in ("digst", "itst"))
ROLE = "http://os2samtale.dk/roles/usersystemrole/moderator/1"
ADMIN = "http://os2samtale.dk/roles/usersystemrole/administrator/1"
PRODUCT = "http://os2samtale.dk/constraints/produkt/1"
SCOPE = f"urn:dk:gov:saml:cvrNumberIdentifier:{OWN}"
GROUP = (
    f'<PrivilegeGroup Scope="{SCOPE}"><Privilege>{ROLE}</Privilege>'
    f'<Constraint Name="{PRODUCT}">os2display</Constraint></PrivilegeGroup>'
)


def prefixed(groups: str, namespace: str = DIGST) -> str:
    return f'<bpp:PrivilegeList xmlns:bpp="{namespace}">{groups}</bpp:PrivilegeList>'


def encoded(document: str) -> str:
    return base64.b64encode(document.encode()).decode()


def groups_of(document: str) -> tuple[Group, ...]:
    return privileges.parse(encoded(document))


def given(document: str, constraints: tuple[str, ...] = (PRODUCT,)) -> privileges.Granted:
    return privileges.granted(
        groups_of(document), cvr=OWN, known_constraints=constraints, known_privileges=(ROLE, ADMIN)
    )


EXPECTED = Group(SCOPE, frozenset({ROLE}), {PRODUCT: frozenset({"os2display"})})


@pytest.mark.parametrize("namespace", [DIGST, ITST])
@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0" encoding="UTF-8"?>', "\ufeff", "\n  "])
def test_both_namespaces_prefixed_and_as_default(namespace: str, declaration: str) -> None:
    default = f'<PrivilegeList xmlns="{namespace}">{GROUP}</PrivilegeList>'
    for document in (prefixed(GROUP, namespace), default):
        assert groups_of(declaration + document) == (EXPECTED,)


def test_base64_with_line_breaks_or_the_document_itself() -> None:
    whole = encoded(prefixed(GROUP))
    broken = "\n".join(whole[at : at + 40] for at in range(0, len(whole), 40))
    assert privileges.parse(broken) == privileges.parse(prefixed(GROUP)) == (EXPECTED,)


@pytest.mark.parametrize("value", [None, "", "  \n"])
def test_no_privileges_are_none(value: str | None) -> None:
    assert privileges.parse(value) == ()


def test_order_spaces_repeated_names_and_lists_of_values() -> None:
    document = prefixed(
        f"""
        <PrivilegeGroup Scope="{SCOPE}">
          <Constraint Name="{PRODUCT}"> os2display, os2forms </Constraint>
          <Privilege>\t{ROLE}
          </Privilege>
          <!-- -->
          <Constraint Name="{PRODUCT}">os2mo</Constraint>
        </PrivilegeGroup>
        """
    )
    (group,) = groups_of(document)
    assert group.privileges == {ROLE}
    assert group.constraints == {PRODUCT: {"os2display", "os2forms", "os2mo"}}


def test_a_comment_does_not_cut_a_role_short() -> None:
    (group,) = groups_of(
        prefixed(f'<PrivilegeGroup Scope="{SCOPE}"><Privilege>{ROLE}<!-- x -->0</Privilege></PrivilegeGroup>')
    )
    assert group.privileges == {ROLE + "0"}


@pytest.mark.parametrize(
    "document",
    [
        "<PrivilegeList/>",
        '<PrivilegeList xmlns="http://evil.example/"/>',
        f'<Other xmlns="{DIGST}"/>',
        prefixed("<Privilege>x</Privilege>"),
        prefixed("<PrivilegeGroup><Privilege>x</Privilege></PrivilegeGroup>"),
        prefixed(f'<PrivilegeGroup Scope="{SCOPE}"/>'),
        prefixed(f'<PrivilegeGroup Scope="{SCOPE}"><Privilege/></PrivilegeGroup>'),
        prefixed(f'<PrivilegeGroup Scope="{SCOPE}"><Privilege>a<b/></Privilege></PrivilegeGroup>'),
        prefixed(
            f'<PrivilegeGroup Scope="{SCOPE}"><Privilege>a</Privilege>'
            "<Constraint>b</Constraint></PrivilegeGroup>"
        ),
        prefixed(
            f'<PrivilegeGroup Scope="{SCOPE}"><Privilege>a</Privilege>'
            '<Constraint Name="with space">b</Constraint></PrivilegeGroup>'
        ),
        prefixed(GROUP.replace("<PrivilegeGroup ", '<PrivilegeGroup xmlns="http://evil.example/" ')),
        prefixed(GROUP.replace("PrivilegeGroup", "Group")),
        prefixed(f'<PrivilegeGroup Scope="{SCOPE}"><Privilege>a & b</Privilege></PrivilegeGroup>'),
        prefixed(GROUP)[:-5],
        f'<!DOCTYPE x [<!ENTITY e "{ROLE}">]>'
        + prefixed(f'<PrivilegeGroup Scope="{SCOPE}"><Privilege>&e;</Privilege></PrivilegeGroup>'),
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">' + prefixed(GROUP),
        prefixed(GROUP * 2000),
    ],
)
def test_what_is_not_the_profile_is_refused_whole(document: str) -> None:
    with pytest.raises(Refused) as refused:
        groups_of(document)
    assert refused.value.step == "privileges"


@pytest.mark.parametrize("value", ["not base64!", "QQ=", "A" * 1_000_000])
def test_what_is_neither_base64_nor_xml_is_refused(value: str) -> None:
    with pytest.raises(Refused):
        privileges.parse(value)


def test_a_group_for_the_own_organisation_gives_what_it_says() -> None:
    found = given(prefixed(GROUP))
    assert found.grants == (Grant(ROLE, {PRODUCT: frozenset({"os2display"})}),)
    assert found.left_out == ()


@pytest.mark.parametrize(
    "scope",
    [
        "urn:dk:gov:saml:cvrNumberIdentifier:19435076",
        f"urn:dk:gov:saml:cvrNumberIdentifier:{OWN}0",
        f"x-urn:dk:gov:saml:cvrNumberIdentifier:{OWN}",
        f"urn:dk:gov:saml:seNumberIdentifier:{OWN}",
        "urn:dk:gov:saml:productionUnitIdentifier:1003388394",
    ],
)
def test_a_group_for_somebody_else_gives_nothing_and_is_told(scope: str) -> None:
    found = given(prefixed(GROUP.replace(SCOPE, scope)))
    assert found.grants == ()
    assert found.left_out == ("group 1: its scope is not the person's own organisation",)


def test_a_constraint_that_nobody_here_can_keep_takes_the_group_away() -> None:
    found = given(prefixed(GROUP), constraints=())
    assert found.grants == ()
    assert found.left_out == (f"group 1: constraint {PRODUCT} is not known",)
    two = GROUP.replace("</Privilege>", '</Privilege><Constraint Name="a">b</Constraint>')
    assert given(prefixed(two), constraints=()).left_out == (
        f"group 1: constraint a, {PRODUCT} is not known",
    )


@pytest.mark.parametrize(
    "role", [ROLE + "0", ROLE[:-1] + "2", ROLE.upper(), "http://evil.example" + ROLE, ROLE + "/"]
)
def test_a_role_is_compared_whole(role: str) -> None:
    found = given(prefixed(GROUP.replace(ROLE, role)))
    assert found.grants == ()
    assert found.left_out == ("group 1: a privilege is not known",)


def test_groups_are_alternatives() -> None:
    other = f'<PrivilegeGroup Scope="{SCOPE}"><Privilege>{ADMIN}</Privilege></PrivilegeGroup>'
    foreign = GROUP.replace(OWN, "12345678")
    found = given(prefixed(GROUP + foreign + other))
    assert [grant.privilege for grant in found.grants] == [ROLE, ADMIN]
    assert len(found.left_out) == 1


def test_a_document_that_begins_with_a_byte_order_mark() -> None:
    assert privileges.parse("\ufeff" + prefixed(GROUP)) == (EXPECTED,)


@pytest.mark.parametrize(
    ("characters", "reason"),
    [(2 * privileges.LARGEST + 4, "more than"), (2 * privileges.LARGEST, "bytes, at most")],
)
def test_a_long_value_is_not_even_decoded(characters: int, reason: str) -> None:
    with pytest.raises(Refused, match=reason) as refused:
        privileges.parse("A" * characters)
    assert refused.value.step == "privileges"
