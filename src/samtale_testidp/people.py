"""Who one can be. All of them are made up; the organisations are real, and so are their CVR numbers."""

from dataclasses import dataclass

from samtale_testidp.answers import Person
from samtale_testidp.names import EID
from samtale_testidp.privileges import Role, attribute_value

_MEMBER = Role("medlem")


@dataclass(frozen=True)
class Organisation:
    """A public authority. ``cvr``: eight digits."""

    cvr: str
    name: str


AARHUS = Organisation("55133018", "Aarhus Kommune")
BALLERUP = Organisation("58271713", "Ballerup Kommune")
FANOE = Organisation("31210917", "Fanø Kommune")
ODENSE = Organisation("35209115", "Odense Kommune")
OS2 = Organisation("41849983", "OS2 - Offentligt digitaliseringsfællesskab")
SILKEBORG = Organisation("29189641", "Silkeborg Kommune")
SYDDJURS = Organisation("29189978", "Syddjurs Kommune")


@dataclass(frozen=True)
class Employee:
    """Somebody with an account at the organisation.

    ``slug``: in forms and tests; ``serial``: never changes, and with the CVR number it is who they are;
    ``da``, ``en``: what is special about them; ``refused``: no service provider may let them in.
    """

    slug: str
    name: str
    organisation: Organisation
    serial: str
    email: str | None
    da: str = ""
    en: str = ""
    roles: tuple[Role, ...] = (_MEMBER,)
    level: str = "Substantial"
    refused: bool = False

    @property
    def name_id(self) -> str:
        """As Context Handler writes it: the name is not escaped."""
        return f"C = DK, O = {self.organisation.cvr}, CN = {self.name}, Serial = {self.serial}"

    def subject(self, host: str) -> Person:
        """What answers say about them. ``host``: of the service provider's entityID."""
        attributes = {
            f"{EID}professional/cvr": self.organisation.cvr,
            f"{EID}professional/orgName": self.organisation.name,
            "https://data.gov.dk/model/core/specVersion": "OIO-SAML-3.0",
            "dk:gov:saml:attribute:KombitSpecVer": "2.0",
            f"{EID}privilegesIntermediate": attribute_value(self.roles, cvr=self.organisation.cvr, host=host),
        }
        if self.email is not None:
            attributes[f"{EID}email"] = self.email
        return Person(self.name_id, attributes)


ANNA = Employee(
    "anna", "Anna Jensen", AARHUS, "c57a0d29-3e71-4b5c-9c07-5e2f0c1f6a01", "anna.jensen@aarhus.dk"
)
_BO_SERIAL = "0b64f0a6-8a8e-4a54-a0b5-9a1d7b3c2e02"
FREJA = Employee(
    "freja",
    "Freja Lund",
    OS2,
    "7f1e6b0d-52c4-4ec7-8f35-1c9d0a4b7e03",
    "freja.lund@os2.eu",
    "Har rollen administrator",
    "Has the role administrator",
    roles=(_MEMBER, Role("administrator")),
)
EMPLOYEES = (
    ANNA,
    Employee(
        "bo",
        "Bo Ek",
        AARHUS,
        _BO_SERIAL,
        "bo.ek@aarhus.dk",
        "Har rollen moderator for OS2display",
        "Has the role moderator for OS2display",
        roles=(_MEMBER, Role("moderator", "os2display")),
    ),
    Employee(
        "bo-uden-rollen",
        "Bo Ek",
        AARHUS,
        _BO_SERIAL,
        "bo.ek@aarhus.dk",
        "Bo uden rollen: kommunen har taget den tilbage",
        "Bo without the role: the municipality has taken it back",
    ),
    FREJA,
    Employee("jonas", "Jonas Friis", BALLERUP, "2d90c3f8-1b6a-4d0f-b7a9-64e85f0d9c04", "jonas.friis@balk.dk"),
    Employee(
        "line",
        "Line Bach",
        ODENSE,
        "e8b7a615-90cd-4c22-8a41-3f70d6e1b205",
        "line.bach@odense.dk",
        "Har rollen moderator for OS2display, som ingen har godkendt for Odense",
        "Has the role moderator for OS2display, which nobody has approved for Odense",
        roles=(_MEMBER, Role("moderator", "os2display")),
    ),
    Employee(
        "mette",
        "Mette Sørensen",
        SYDDJURS,
        "5a3c9e17-d4f8-47b1-9e60-b81f2c0d7a06",
        "mette.soerensen@syddjurs.dk",
    ),
    Employee(
        "soeren",
        "Søren Ærø Åkjær",
        SILKEBORG,
        "914f2ab8-6e05-4f3d-a2c7-0d5be98f1c07",
        "soeren.aakjaer@silkeborg.dk",
    ),
    Employee(
        "signe",
        "Signe Holm-Kjær",
        AARHUS,
        "b60d8e43-27fa-4915-8cd3-f1a94e702d08",
        "signe.holm-kjaer@aarhus.dk",
        "Ny medarbejder, har aldrig været her",
        "A new employee who has never been here",
    ),
    Employee(
        "kasper",
        "Kasper Øster",
        AARHUS,
        "3c71f5d0-b982-4e6a-95af-8e04d2b61c09",
        None,
        "Kommunen sender ingen e-mailadresse",
        "The municipality sends no e-mail address",
    ),
    Employee(
        "inger",
        "Inger Thomsen",
        FANOE,
        "d2f84b06-7c19-4a83-b5e1-96a0c37de410",
        "inger.thomsen@fanoe.dk",
        "Kommunen er ikke med endnu",
        "The municipality has not joined yet",
    ),
    Employee(
        "lars",
        "Lars Holt",
        AARHUS,
        "6e09a7c2-f5b4-4d18-83c6-2b7f01e5d811",
        "lars.holt@aarhus.dk",
        "Er kun logget ind på det laveste niveau (Lav)",
        "Has signed in at the lowest level only (Low)",
        level="Low",
        refused=True,
    ),
    Employee(
        "mallory",
        f"Mallory, Serial = {ANNA.serial}",
        AARHUS,
        "a5d3186f-04be-4c79-9f82-7e60b1c4fa12",
        "mallory@aarhus.dk",
        "Har et navn, der prøver at blive til Anna",
        "Has a name that tries to become Anna",
        refused=True,
    ),
)
REGION = Organisation("29190925", "Region Midtjylland")
#: Who signs in by OpenID Connect, at an authority that is no municipality.
OFFICIALS = (
    Employee("carla", "Carla Holt", REGION, "f3a8d1c6-7b20-4e95-8d4a-15c9e60b7f13", "carla.holt@rm.dk"),
    Employee(
        "niels",
        "Niels Aagaard",
        REGION,
        "80e5b2f7-3d1c-4a6e-b9f0-c72d4815ae14",
        "niels.aagaard@rm.dk",
        "Ny medarbejder, har aldrig været her",
        "A new employee who has never been here",
    ),
)
_BY_SLUG = {employee.slug: employee for employee in (*EMPLOYEES, *OFFICIALS)}


def find(slug: str) -> Employee | None:
    """Who has the slug."""
    return _BY_SLUG.get(slug)
