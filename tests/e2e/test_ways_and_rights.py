"""How one signs in, whose moderators count, two accounts of one person: in a browser."""

import re

from e2e.browser import looked_at
from e2e.conftest import Visit
from e2e.test_with_the_municipality import NEWS, ONLY_MODERATORS, choose, sign_in
from platform_under_test import Platform
from playwright.sync_api import Locator, Page, expect

ACCOUNT, RIGHTS, TWO = "/adgang/konto/", "/adgang/rettigheder/", "/adgang/dobbelte-konti/"
APPROVE = "Godkend Odense Kommune for OS2display"


def section(page: Page, heading: str) -> Locator:
    return page.get_by_role("region", name=heading)


def row(page: Page, heading: str, text: str) -> Locator:
    return section(page, heading).get_by_role("listitem").filter(has_text=text)


def test_a_way_in_is_taken_away_and_added_again(visit: Visit) -> None:
    mette = visit("mette", ACCOUNT)
    ways = "Måder at logge ind på"
    looked_at(mette, "konto-maader")
    row(mette, ways, "Syddjurs Kommune").get_by_role("link", name="Fjern").click()
    expect(mette.get_by_role("heading", name="Fjern »din kommune«", level=1)).to_be_visible()
    looked_at(mette, "fjern-maade", twice=True)
    mette.get_by_role("button", name="Fjern").click()
    expect(mette.get_by_role("status")).to_contain_text("Du kan ikke længere logge ind på den måde.")
    expect(row(mette, ways, "Syddjurs Kommune")).to_have_count(0)

    mette.get_by_role("button", name="Føj til din kommune").click()
    choose(mette, "Mette Sørensen")
    expect(mette.get_by_role("status")).to_contain_text("Du kan nu også logge ind på den måde.")
    expect(row(mette, ways, "Syddjurs Kommune")).to_have_count(1)


def test_a_moderator_approves_an_organisation_and_an_administrator_takes_it_back(
    visit: Visit, platform: Platform
) -> None:
    line = visit(None)
    sign_in(line, "Line Bach")
    expect(line.get_by_role("heading", name="Seneste", level=1)).to_be_visible()
    line.goto(platform.url + NEWS)
    expect(line.get_by_role("main")).to_contain_text(ONLY_MODERATORS)
    refused = line.context.new_page()
    refused.goto(platform.url + RIGHTS)
    expect(refused.get_by_role("heading", name="Det må du ikke", level=1)).to_be_visible()

    bo = visit("bo", ACCOUNT)
    expect(section(bo, "Det, du afgør")).to_contain_text("1 venter på svar")
    looked_at(bo, "konto-moderator", twice=True)
    bo.get_by_role("link", name="Se dem").click()
    expect(row(bo, "Venter på svar", "Odense Kommune")).to_contain_text("Line Bach, siden")
    looked_at(bo, "rettigheder")
    bo.get_by_role("button", name=APPROVE).click()
    expect(bo.get_by_role("status")).to_contain_text("Odense Kommune er godkendt for OS2display.")
    expect(row(bo, "Godkendt", "Odense Kommune")).to_contain_text("af Bo Ek den")
    expect(line.get_by_role("main")).not_to_contain_text(ONLY_MODERATORS, timeout=60_000)

    mails = visit(None, "/adgang/demo")
    expect(mails.get_by_text("OS2samtale: Odense Kommune vil moderere OS2display").first).to_be_visible()

    freja = visit("freja", RIGHTS)
    row(freja, "Godkendt", "Odense Kommune").get_by_role("link", name="Træk tilbage").click()
    expect(section(freja, "De modererer ikke længere på grund af den")).to_contain_text("Line Bach")
    looked_at(freja, "rettighed-tilbage", twice=True)
    freja.get_by_role("button", name="Træk godkendelsen tilbage").click()
    expect(freja.get_by_role("status")).to_contain_text("trukket tilbage")
    expect(row(freja, "Venter på svar", "Odense Kommune")).to_contain_text("Line Bach")
    expect(line.get_by_role("main")).to_contain_text(ONLY_MODERATORS, timeout=60_000)


def test_the_question_alone_and_the_pages_in_english(visit: Visit, platform: Platform) -> None:
    line = visit(None)
    sign_in(line, "Line Bach")
    expect(line.get_by_role("heading", name="Seneste", level=1)).to_be_visible()
    freja = visit("freja", f"{RIGHTS}os2display/35209115/")
    expect(freja.get_by_role("heading", name=APPROVE, level=1)).to_be_visible()
    looked_at(freja, "rettighed-godkend", twice=True)
    freja.get_by_role("link", name="Fortryd").click()
    freja.get_by_role("link", name="English").click()
    expect(freja.get_by_role("heading", name="Moderators from the organisations", level=1)).to_be_visible()
    expect(freja.get_by_role("button", name="Approve Odense Kommune for OS2display")).to_be_visible()
    freja.goto(platform.url + ACCOUNT)
    expect(section(freja, "Ways to sign in")).to_be_visible()
    expect(section(freja, "What you decide")).to_contain_text("1 waits for an answer")


def test_an_administrator_joins_two_accounts(visit: Visit, platform: Platform) -> None:
    kasper = visit(None)
    sign_in(kasper, "Kasper Øster")
    expect(kasper.get_by_role("heading", level=1)).to_be_visible()
    freja = visit("freja", TWO)
    freja.get_by_label("Navn på den konto, der beholdes").fill("Anna Jensen")
    freja.get_by_label("Navn på den konto, der lukkes").fill("Kasper Øster")
    looked_at(freja, "dobbelte-konti", twice=True)
    freja.get_by_role("button", name="Søg").click()
    kept = freja.get_by_role("group", name="Kontoen, der beholdes")
    kept.get_by_role("radio", name=re.compile("Anna Jensen")).check()
    closed = freja.get_by_role("group", name="Kontoen, der lukkes")
    closed.get_by_role("radio", name=re.compile("Kasper Øster")).check()
    looked_at(freja, "dobbelte-konti-fundet")
    freja.get_by_role("button", name="Fortsæt").click()
    expect(freja.get_by_role("heading", name="Er det den samme person?", level=1)).to_be_visible()
    expect(freja.get_by_role("main")).to_contain_text("Lukkes: Kasper Øster")
    looked_at(freja, "dobbelte-konti-saml", twice=True)
    freja.get_by_role("link", name="Fortryd").click()
    expect(freja.get_by_role("heading", name="Saml to konti", level=1)).to_be_visible()
