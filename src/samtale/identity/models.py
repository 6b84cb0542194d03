"""People and organisations."""

import secrets
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from samtale.identity import names

#: Crockford's base32, lower case: no i, l, o, u, so an id can be read aloud.
BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"
LETTERS = BASE32[10:]


def new_localpart() -> str:
    """A Matrix localpart: a letter (Synapse refuses ids of digits only) and seven random characters.

    Nothing personal is in it, so a new name or an erased person leaves no name in other people's rooms.
    """
    return secrets.choice(LETTERS) + "".join(secrets.choice(BASE32) for _ in range(7))


class Organisation(models.Model):
    """An authority, a supplier, or OS2 itself."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality"
        REGION = "region"
        STATE = "state"
        SUPPLIER = "supplier"
        OS2 = "os2"

    class State(models.TextChoices):
        INVITED = "invited"
        PILOT = "pilot"
        JOINED = "joined"
        PAUSED = "paused"

    cvr = models.CharField(max_length=8, unique=True, null=True)
    name = models.CharField(max_length=200)
    short = models.CharField(max_length=60)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.INVITED)
    email_domain = models.CharField(max_length=120, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    #: Made at somebody's sign-in, from what their provider calls it: nobody of us has looked at it yet.
    to_confirm = models.BooleanField(default=False)
    search_key = models.TextField(default="", editable=False)

    class Meta:
        ordering = ["name"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = names.search_key(f"{self.name} {self.short}")
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.name

    @property
    def takes_part(self) -> bool:
        return self.state in (self.State.PILOT, self.State.JOINED)


class PersonManager(BaseUserManager["Person"]):
    def create_person(
        self, *, email: str | None, name: str, organisation: Organisation | None, role: str, **more: Any
    ) -> "Person":
        """Make a person with no way to sign in yet. Raises names.NameRefused."""
        address = email.strip().lower() if email else None
        person = Person(email=address, organisation=organisation, role=role, **more)
        person.rename(name)
        person.set_unusable_password()
        person.save()
        return person

    def with_email(self, email: str) -> "Person | None":
        """The person who has the address now, whatever the case it is written in."""
        of_address = self.alias(lower_email=Lower("email")).filter(lower_email=email.strip().lower())
        return of_address.select_related("organisation").first()

    def get_by_natural_key(self, username: str | None) -> "Person":
        person = self.with_email(username or "")
        if person is None:
            raise Person.DoesNotExist
        return person


class Person(AbstractBaseUser):
    """One human being, however many ways to sign in. Moderators are in communities.Moderation."""

    class Role(models.TextChoices):
        MEMBER = "member"
        GUEST = "guest"
        ADMINISTRATOR = "administrator"
        OWNER = "owner"

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    #: None: the authority that the person signs in with sends no address.
    email = models.EmailField(unique=True, null=True)
    name = models.CharField(max_length=120)
    search_key = models.TextField(default="", editable=False)
    sort_key = models.CharField(max_length=400, default="", editable=False, db_index=True)
    localpart = models.CharField(max_length=8, unique=True, default=new_localpart, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="people")
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.MEMBER)
    #: Administrator because a sign-in said so, until one says otherwise.
    administrator_by_privilege = models.BooleanField(default=False)
    language = models.CharField(max_length=2, default="da")
    #: When they chose products and accepted the code of conduct.
    welcomed_at = models.DateTimeField(null=True)
    #: Which text of it; the audit log is not kept as long.
    accepted_conduct = models.CharField(max_length=10, blank=True, default="")
    is_active = models.BooleanField(default=True)
    locked_at = models.DateTimeField(null=True)
    sponsor = models.ForeignKey("self", models.SET_NULL, null=True, related_name="guests")
    expires_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    #: Not confirmed for so long that sessions and devices ended; the next sign-in ends it.
    resting_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    is_demo = models.BooleanField(default=False)

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_unique")]

    def __str__(self) -> str:
        return self.display_name

    def rename(self, name: str) -> None:
        """Set the name and the two columns people are found and sorted by. Raises names.NameRefused."""
        self.name = names.cleaned(name)
        self.search_key = names.search_key(self.name, email=self.email or "")
        self.sort_key = names.sort_key(self.name)

    @property
    def is_guest(self) -> bool:
        return self.role == self.Role.GUEST

    @property
    def is_administrator(self) -> bool:
        return self.role in (self.Role.ADMINISTRATOR, self.Role.OWNER)

    @property
    def display_name(self) -> str:
        """The Matrix display name, written by the portal only: guests are "Navn (gæst, Organisation)"."""
        if not self.is_guest:
            return self.name
        return (
            f"{self.name} (gæst, {self.organisation.short})" if self.organisation else f"{self.name} (gæst)"
        )
