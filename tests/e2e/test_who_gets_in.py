"""Signing in and out, and who sees nothing."""

from demo_reader import DemoReader
from e2e.acting import sign_out
from e2e.conftest import Tab, Visit, sign_in
from matrix_client import token_for
from platform_under_test import Platform
from playwright.sync_api import Locator, Page, expect

from samtale.homeserver.mas import QueryUser

CLOSED = "Koordinationsgruppe"
OS2DISPLAY = "/#/c/os2display"

#: Egon's name to a homeserver, and how many accounts, sessions, codes and tokens he has.
LEFT_OF_EGON = """
from samtale.identity.models import Person
from samtale.matrixauth.models import AccessToken, Account, Grant, Session
egon = Person.objects.get(email="egon@outsider.example")
print(egon.localpart)
for kept in (Account, Session, Grant, AccessToken):
    print(kept.objects.filter(**{"user" if kept in (Grant, AccessToken) else "person": egon}).count())
"""

#: Each row of each table of each database of the origin, and what the other places keep.
EVERYTHING_KEPT = """async () => {
  const rows = Object.keys(localStorage).filter(key => key.includes('token'))
  for (const {name} of await indexedDB.databases()) {
    const database = await new Promise((done, failed) => {
      const opening = indexedDB.open(name)
      opening.onsuccess = () => done(opening.result)
      opening.onerror = () => failed(opening.error)
    })
    for (const store of database.objectStoreNames) {
      const asked = database.transaction(store).objectStore(store).getAll()
      rows.push(...await new Promise(done => { asked.onsuccess = () => done(asked.result) }))
    }
    database.close()
  }
  return rows
}"""


def test_no_token_or_code_stays_in_the_address_or_the_history(visit: Visit) -> None:
    anna = visit("anna")
    expect(anna.get_by_role("heading", name="Seneste", level=1)).to_be_visible()
    been = anna.evaluate("() => navigation.entries().map(entry => entry.url)")
    # All but the blank page before is on this origin: none of it is hidden from the page.
    assert len(been) + 1 == anna.evaluate("() => history.length")
    state = anna.evaluate("() => [document.referrer, JSON.stringify(history.state), window.name]")
    for secret in ("code=", "token="):
        assert [url for url in [*been, *state] if secret in url] == []
    assert "state=" not in been[-1]
    kept = anna.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}])")
    asked = anna.evaluate("() => performance.getEntriesByType('resource').map(entry => entry.name).join(' ')")
    assert "access_token" not in kept + asked
    for _ in been[1:]:
        anna.go_back()
        assert "code=" not in anna.url


def test_signed_out_means_out_and_starts_no_sign_in_by_itself(visit: Visit, platform: Platform) -> None:
    anna = visit("anna")
    expect(anna.get_by_role("heading", name="Seneste", level=1)).to_be_visible()
    sign_out(anna, platform)

    assert anna.evaluate(EVERYTHING_KEPT) == []
    anna.goto(platform.url + "/")
    expect(anna.get_by_role("heading", name="Log ind", level=1)).to_be_visible()
    expect(anna).to_have_title("Log ind · OS2samtale")


def test_egon_is_told_whom_to_ask_and_leaves_no_trace(visit: Visit, platform: Platform) -> None:
    page = visit(None)
    sign_in(page, platform, "egon")
    main = page.get_by_role("main")
    expect(main).to_contain_text("Udenfor ApS")
    expect(main.get_by_role("heading", level=1)).to_be_visible()
    assert platform.person("egon").matrix_id is None
    found = platform.portal("shell", "-v0", "--no-imports", "-c", LEFT_OF_EGON).split()
    localpart, *left = found[-5:]
    assert left == ["0", "0", "0", "0"]
    homeserver = DemoReader(platform).mas
    assert homeserver.send(QueryUser(localpart)) is None
    others = str(platform.person("anna").matrix_id).removeprefix("@").partition(":")[0]
    assert homeserver.send(QueryUser(others)) is not None
    page.goto(platform.url + "/")
    expect(page.get_by_role("heading", name="Log ind", level=1)).to_be_visible()


def test_camilla_sees_nothing_of_a_closed_channel(visit: Visit, tab: Tab, platform: Platform) -> None:
    anna = token_for(platform, "anna")
    mine = {each["slug"]: each for each in anna.get("/api/communities")["communities"]}["os2display"]
    room = next(channel["room_id"] for channel in mine["channels"] if channel["slug"] == "koordination")
    events = anna.get(f"/_matrix/client/v3/rooms/{room}/messages?dir=b&limit=50")["chunk"]
    said = next(event for event in events if event["content"].get("body"))
    space = anna.get("/_matrix/client/v3/directory/room/%23os2display:localhost")["room_id"]

    camilla = token_for(platform, "camilla")
    hers = {each["slug"]: each for each in camilla.get("/api/communities")["communities"]}["os2display"]
    assert "koordination" not in {channel["slug"] for channel in hers["channels"]}
    assert camilla.status("POST", "/api/channels/os2display/koordination/open") == 404
    for path in (
        f"rooms/{room}/messages?dir=b",
        f"rooms/{room}/event/{said['event_id']}",
        f"rooms/{room}/context/{said['event_id']}",
        f"rooms/{room}/state",
        f"rooms/{room}/members",
    ):
        assert camilla.status("GET", f"/_matrix/client/v3/{path}") in (403, 404), path
    listed = camilla.get(f"/_matrix/client/v1/rooms/{space}/hierarchy")["rooms"]
    assert room not in {each["room_id"] for each in listed}
    assert CLOSED not in str(listed)
    found = camilla.post(
        "/_matrix/client/v3/search",
        {"search_categories": {"room_events": {"search_term": said["content"]["body"].split()[0]}}},
    )
    assert room not in str(found)

    link = f"/#/c/os2display/koordination/t/{said['event_id'].removeprefix('$')}"
    body = said["content"]["body"][:20]
    expect(channels_of_os2display(tab("anna", OS2DISPLAY))).to_contain_text(CLOSED)
    expect(tab("anna", link).get_by_role("article").filter(has_text=body).first).to_be_visible()

    page = visit("camilla", OS2DISPLAY)
    channels = channels_of_os2display(page)
    expect(channels).to_contain_text("Generelt")
    expect(channels).not_to_contain_text(CLOSED)
    main = page.get_by_role("main")
    expect(main.get_by_role("link", name="Generelt")).to_be_visible()
    expect(main).not_to_contain_text(CLOSED)
    page.goto(platform.url + link)
    expect(main.get_by_role("heading", name="Kanalen er her ikke", level=1)).to_be_visible()
    expect(main).not_to_contain_text(body)
    expect(page.locator("body")).not_to_contain_text(CLOSED)


def channels_of_os2display(page: Page) -> Locator:
    """In the side, which unfolds the community whose page is open."""
    side = page.get_by_role("navigation", name="Samtaler")
    community = side.locator("[data-hue]").filter(has=page.get_by_role("button", name="OS2display"))
    return community.get_by_role("list").first
