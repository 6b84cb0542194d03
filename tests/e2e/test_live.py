"""What others do is seen at once; several tabs of one person work as one; a session that ends elsewhere."""

from e2e.acting import (
    SUPPORT,
    box,
    choose,
    expect_place,
    expect_sent,
    main,
    message,
    new_name,
    start_topic,
    write,
)
from e2e.conftest import Tab, Visit, sign_in
from platform_under_test import Platform
from playwright.sync_api import Page, expect

SYNC = "/_matrix/client/v3/sync"


def test_an_open_window_shows_all_that_another_does(tab: Tab) -> None:
    bo, anna = tab("bo", SUPPORT), tab("anna", SUPPORT)
    bo.evaluate("window.neverReloaded = true")
    name = new_name("Med ét øje på skærmen")
    start_topic(anna, name, "Første besked")
    main(bo).get_by_role("link", name=name).click()
    expect_place(bo, name)
    said = write(anna, "En ny besked")
    expect_sent(said)
    expect(message(bo, "En ny besked")).to_be_visible()

    choose(said, "Ret")
    anna.get_by_label("Ret beskeden").fill("En rettet besked")
    anna.keyboard.press("Control+Enter")
    expect(message(bo, "En rettet besked")).to_contain_text("(redigeret)")

    choose(message(anna, "En rettet besked"), "Slet")
    anna.get_by_role("dialog").get_by_role("button", name="Slet beskeden").click()
    expect(main(bo)).to_contain_text("Beskeden er slettet")
    expect(main(bo)).not_to_contain_text("En rettet besked")

    anna.get_by_role("button", name="Markér som løst").click()
    expect(main(bo).get_by_role("status").filter(has_text="Løst")).to_contain_text("Anna Jensen")
    assert bo.evaluate("window.neverReloaded")


def follows(page: Page) -> list[str]:
    """The requests for news that this tab begins from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if SYNC in request.url else None)
    return asked


def test_one_tab_asks_for_news_and_another_takes_over_when_it_goes(visit: Visit, tab: Tab) -> None:
    first = visit("carla", SUPPORT)
    path = start_topic(first, new_name("To faner"), "Første besked")
    second = first.context.new_page()
    asked = follows(second)
    second.goto(first.url)
    expect(message(second, "Første besked")).to_be_visible()

    bo = tab("bo", path)
    write(bo, "Ser I det begge to?")
    for page in (first, second):
        expect(message(page, "Ser I det begge to?")).to_be_visible()
    assert asked == []

    write(second, "Skrevet i den anden fane")
    expect_sent(message(first, "Skrevet i den anden fane"))
    first.close()
    write(bo, "Ser du det endnu?")
    expect(message(second, "Ser du det endnu?")).to_be_visible()
    assert asked != []
    expect_sent(write(second, "Ja"))
    expect(message(bo, "Ja")).to_be_visible()


def test_a_draft_follows_to_the_other_tab(visit: Visit) -> None:
    first = visit("carla", SUPPORT)
    start_topic(first, new_name("Kladde i to faner"), "Første besked")
    box(first).fill("Begyndt her")
    expect(main(first)).to_contain_text("Kladden er gemt")
    second = first.context.new_page()
    second.goto(first.url)
    expect(box(second)).to_have_value("Begyndt her")


def test_signing_out_in_one_tab_signs_out_all_of_them(visit: Visit, platform: Platform) -> None:
    first = visit("carla", "/#/dig")
    second = first.context.new_page()
    second.goto(platform.url + SUPPORT)
    expect_place(second, "Support")
    first.get_by_role("button", name="Log ud").click()
    for page in (first, second):
        expect(page).to_have_url(platform.url + "/adgang/logget-ud/")


def device_of(page: Page) -> str:
    """Name of the device that this window is to the homeserver."""
    found: str = page.evaluate(
        """async () => {
          const [{name}] = await indexedDB.databases()
          const opening = indexedDB.open(name)
          await new Promise(done => { opening.onsuccess = done })
          const asked = opening.result.transaction('session').objectStore('session').get('current')
          await new Promise(done => { asked.onsuccess = done })
          opening.result.close()
          return asked.result.deviceId
        }"""
    )
    return found


def end_device(page: Page, platform: Platform, device: str) -> None:
    """On the portal's page of one's devices."""
    page.goto(platform.url + "/adgang/matrix/account")
    page.get_by_role("button", name=f"enhed {device}").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("button", name=f"enhed {device}")).to_have_count(0)


def begin_a_draft(page: Page) -> None:
    start_topic(page, new_name("Sessionen slutter"), "Første besked")
    box(page).fill("Ordene bliver her")
    expect(main(page)).to_contain_text("Kladden er gemt")


def test_a_session_ended_elsewhere_says_so_and_keeps_the_draft(visit: Visit, platform: Platform) -> None:
    carla, elsewhere = visit("carla", SUPPORT), visit("carla")
    begin_a_draft(carla)
    topic, device = carla.url, device_of(carla)
    carla.context.clear_cookies()
    # The client asks the portal first, in vain.
    with carla.expect_navigation(url=topic):
        end_device(elsewhere, platform, device)
    expect(main(carla)).to_contain_text("Du er blevet logget ud.")
    expect(main(carla)).to_contain_text("Dine kladder er gemt.")
    expect(message(carla, "Første besked")).to_be_visible()

    main(carla).get_by_role("button", name="Log ind igen").click()
    sign_in(carla, platform, "carla")
    expect(carla).to_have_url(topic)
    expect(box(carla)).to_have_value("Ordene bliver her")
    expect_sent(write(carla, "Og nu er jeg her igen"))


def test_a_session_that_the_portal_renews_goes_on_unasked(visit: Visit, platform: Platform) -> None:
    carla, elsewhere = visit("carla", SUPPORT), visit("carla")
    begin_a_draft(carla)
    topic, device = carla.url, device_of(carla)
    with carla.expect_navigation(url=topic):
        end_device(elsewhere, platform, device)
    expect(box(carla)).to_have_value("Ordene bliver her")
    expect_sent(write(carla, "Uden at mærke det"))
    assert device_of(carla) != device
