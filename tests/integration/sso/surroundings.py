"""What the tests of single sign-on are among."""

from dataclasses import dataclass
from typing import Any

from authlib_service import Service
from platform_under_test import Person, Platform
from playwright.sync_api import Page


@dataclass
class Surroundings:
    """``bogreol`` asks its people whether it may know them, ``viki`` is trusted."""

    platform: Platform
    bogreol: Service
    viki: Service

    @property
    def issuer(self) -> str:
        return f"{self.platform.url}/adgang/oidc"


@dataclass
class Window:
    """A person's browser."""

    page: Page
    complaints: list[str]

    def go(self, address: str) -> None:
        self.page.goto(address)

    def sign_in(self, person: Person) -> None:
        """With e-mail and password, whatever else the page offers."""
        self.page.get_by_text("Inviteret gæst").click()
        self.page.get_by_label("E-mail").fill(person.email)
        self.page.get_by_label("Adgangskode", exact=True).fill(person.password)
        self.page.get_by_role("button", name="Log ind", exact=True).click()

    def signs_in_to(self, service: Service, person: Person) -> Any:
        """By way of the portal's own pages. What the service learns."""
        self.go(service.sign_in_at())
        self.sign_in(person)
        return service.take(self.arrives(service.callback))

    def arrives(self, at: str) -> str:
        self.page.wait_for_url(f"{at}?**")
        assert self.complaints == []
        return self.page.url
