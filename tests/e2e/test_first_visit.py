"""The first visit in a browser: of a new employee, with the keyboard alone, without a script, of a guest."""

import re
from collections.abc import Callable

import pytest
from e2e.acting import expect_place, new_name, start_topic
from e2e.browser import PHONE, looked_at
from e2e.conftest import Visit, sign_in
from platform_under_test import Platform
from playwright.sync_api import Browser, Locator, Page, expect

ACCOUNT = "/adgang/konto/"
_FORGET = """
from samtale.communities.models import Membership
from samtale.identity.models import Person
Person.objects.filter(name="{0}").update(welcomed_at=None)
Membership.objects.filter(person__name="{0}", person__is_demo=False).delete()
"""

#: The name of what has the focus (none when it left the page), and whether the bar at the bottom covers it.
FOCUSED = """() => {
  const at = document.activeElement, bar = document.querySelector('.hello-end')
  if (at === document.body) return ['', false]
  const name = (at.labels?.[0] ?? at).textContent.trim() || at.getAttribute('aria-label') || ''
  const above = bar.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_PRECEDING
  const {bottom} = (at.closest('.pick') ?? at).getBoundingClientRect()
  return [name, above !== 0 && bottom > bar.getBoundingClientRect().top]
}"""

Newcomer = Callable[[str], None]


@pytest.fixture
def never_here(platform: Platform) -> Newcomer:
    """Make it so that the person is here for the first time, also when a test is tried once more."""

    def forget(name: str) -> None:
        platform.portal("shell", "--no-imports", "-c", _FORGET.format(name))

    return forget


def arrive(page: Page, name: str) -> None:
    """From the portal's sign-in page, by way of the municipality."""
    page.get_by_role("link", name="Log ind med din kommune").click()
    page.get_by_role("button", name=name).first.click()
    expect(page.get_by_role("heading", name=f"Velkommen, {name.partition(' ')[0]}", level=1)).to_be_visible()


def product(page: Page, name: str) -> Locator:
    return page.get_by_role("checkbox", name=name)


def accept(page: Page) -> None:
    page.get_by_role("checkbox", name="Jeg følger retningslinjerne").check()
    page.get_by_role("button", name="Fortsæt").click()


def shown(page: Page) -> Locator:
    return page.get_by_role("list", name="Produkter").get_by_role("listitem")


def test_signe_chooses_a_product_and_writes_in_it(
    visit: Visit, platform: Platform, never_here: Newcomer
) -> None:
    never_here("Signe Holm-Kjær")
    said = []
    signe = visit()
    signe.on("console", lambda message: said.append(message.text))
    arrive(signe, "Signe Holm-Kjær")
    expect(signe.get_by_role("main")).to_contain_text("Du er logget ind fra Aarhus Kommune.")
    expect(product(signe, "OS2 fælles")).to_be_checked()
    expect(product(signe, "OS2 fælles")).to_be_disabled()
    looked_at(signe, "velkommen")
    signe.get_by_role("link", name="English").click()
    expect(signe.get_by_role("heading", name="Welcome, Signe", level=1)).to_be_visible()
    expect(signe.get_by_role("radio", name="English")).to_be_checked()
    looked_at(signe, "velkommen-engelsk")
    signe.get_by_role("link", name="Dansk").click()
    expect(signe.get_by_role("radio", name="Dansk")).to_be_checked()

    product(signe, "OS2display").check()
    expect(signe.get_by_role("status").filter(has_text="valgt")).to_have_text(
        re.compile(r"^3 valgt af \d\d$")
    )
    signe.get_by_role("button", name="Fortsæt").click()
    expect(signe.get_by_text("Sæt flueben ved retningslinjerne for at fortsætte.")).to_be_visible()
    expect(signe.get_by_role("checkbox", name="Jeg følger retningslinjerne")).to_be_focused()
    expect(product(signe, "OS2display")).to_be_checked()
    looked_at(signe, "velkommen-fejl", twice=True)
    assert [text for text in said if "400" not in text] == []

    signe.set_viewport_size({"width": 1440, "height": 900})
    accept(signe)
    expect_place(signe, "Seneste")
    side = signe.get_by_role("navigation").filter(has_text="Produktfællesskaber")
    expect(side).to_contain_text("OS2display")
    signe.goto(platform.url + "/#/c/os2display/generelt")
    expect(side.locator('a[href="#/c/os2display/support"]')).to_be_visible()
    start_topic(signe, new_name("Hej fra Signe"), "Jeg er ny her")
    signe.goto(platform.url + ACCOUNT)
    expect(signe.get_by_role("heading", name="Din konto", level=1)).to_be_visible()


def test_a_product_is_found_among_all(visit: Visit, platform: Platform, never_here: Newcomer) -> None:
    never_here("Kasper Øster")
    page = visit()
    arrive(page, "Kasper Øster")
    expect(shown(page)).to_have_count(12)
    page.get_by_label("Find et produkt").fill("KITOS")
    expect(shown(page)).to_have_count(1)
    page.get_by_label("Find et produkt").press("Enter")
    product(page, "OS2kitos").check()
    page.get_by_label("Find et produkt").fill("zzyzx")
    expect(shown(page)).to_have_count(0)
    expect(page.get_by_text("Vi fandt ikke noget om »zzyzx«.")).to_be_visible()
    page.get_by_label("Find et produkt").fill("")
    # The twelve, and what was chosen beyond them.
    expect(shown(page)).to_have_count(13)
    page.get_by_role("button", name=re.compile(r"Vis alle \d\d produkter")).click()
    total = page.locator('input[name="products"]').count()
    expect(shown(page)).to_have_count(total)
    assert page.evaluate("document.activeElement.name") == "products"
    with page.expect_popup() as opened:
        page.get_by_role("link", name="retningslinjerne").click()
    expect(opened.value.get_by_role("heading", name="Retningslinjer", level=1)).to_be_visible()
    looked_at(opened.value, "retningslinjer")
    opened.value.get_by_role("link", name="English").click()
    expect(opened.value.get_by_role("heading", name="Guidelines", level=1)).to_be_visible()
    looked_at(opened.value, "retningslinjer-engelsk", twice=True)
    expect(product(page, "OS2kitos")).to_be_checked()


@pytest.mark.parametrize("size", [(1440, 900), PHONE])
def test_with_the_keyboard_alone_to_the_product_of_a_link(
    visit: Visit, platform: Platform, never_here: Newcomer, size: tuple[int, int]
) -> None:
    never_here("Kasper Øster")
    page = visit(path="/p/os2forms", size=size)
    arrive(page, "Kasper Øster")
    expect(product(page, "OS2forms")).to_be_checked()

    def tab_to(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            at, covered = page.evaluate(FOCUSED)
            assert not covered, f"{at} is covered"
            if name in at:
                return
        raise AssertionError(f"{name} cannot be reached")

    tab_to("Find et produkt")
    page.keyboard.type("display")
    tab_to("OS2display")
    page.keyboard.press("Space")
    expect(product(page, "OS2display")).to_be_checked()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    tab_to("Vis alle")
    page.keyboard.press("Enter")
    tab_to("Dansk")
    tab_to("Jeg følger retningslinjerne")
    page.keyboard.press("Space")
    tab_to("Fortsæt")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{platform.url}/#/c/os2forms")
    expect(page.get_by_role("main")).to_be_visible()


def test_without_a_script_all_products_are_there(
    browser: Browser, platform: Platform, never_here: Newcomer
) -> None:
    never_here("Carla Holt")
    context = browser.new_context(locale="da-DK", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{platform.url}/adgang/log-ind/?next={ACCOUNT}")
    sign_in(page, platform, "carla")
    expect(page.get_by_role("heading", name="Velkommen, Carla", level=1)).to_be_visible()
    expect(page.get_by_label("Find et produkt")).not_to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Vis alle"))).not_to_be_visible()
    expect(shown(page)).to_have_count(page.locator('input[name="products"]').count())
    accept(page)
    expect(page).to_have_url(platform.url + ACCOUNT)
    context.close()


def test_jonas_accepts_new_guidelines_on_his_way(visit: Visit, platform: Platform) -> None:
    earlier = "Person.objects.filter(name='Jonas Friis').update(accepted_conduct='2025-01')"
    platform.portal("shell", "--no-imports", "-c", f"from samtale.identity.models import Person; {earlier}")
    jonas = visit(None, "/p/os2display")
    jonas.get_by_role("link", name="Log ind med din kommune").click()
    jonas.get_by_role("button", name="Jonas Friis").first.click()
    expect(jonas.get_by_role("heading", name="Nye retningslinjer", level=1)).to_be_visible()
    looked_at(jonas, "nye-retningslinjer")
    jonas.get_by_role("button", name="Fortsæt").click()
    expect(jonas.get_by_text("Sæt flueben ved retningslinjerne for at fortsætte.")).to_be_visible()
    expect(jonas.get_by_role("checkbox", name="Jeg følger retningslinjerne")).to_be_focused()
    accept(jonas)
    expect(jonas.get_by_role("main").get_by_role("heading", name="OS2display", level=1)).to_be_visible()


def test_a_guest_reads_the_rules_and_chooses_nothing(
    visit: Visit, platform: Platform, never_here: Newcomer
) -> None:
    never_here("Dorthe Holm")
    dorthe = visit()
    sign_in(dorthe, platform, "dorthe")
    expect(dorthe.get_by_role("heading", name="Velkommen, Dorthe", level=1)).to_be_visible()
    expect(dorthe.locator('input[name="products"]')).to_have_count(0)
    expect(dorthe.get_by_role("listitem").filter(has_text="Læs retningslinjerne")).to_be_visible()
    looked_at(dorthe, "velkommen-gaest", twice=True)
    accept(dorthe)
    expect_place(dorthe, "Seneste")
