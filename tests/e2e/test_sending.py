"""What is written is never lost: without a network, when the server says no, and it is sent exactly once."""

from e2e.acting import SUPPORT, box, expect_sent, main, message, new_name, path_of, start_topic, write
from e2e.conftest import Tab, Visit
from playwright.sync_api import Page, Route, expect


def test_what_is_written_without_a_network_is_sent_later_exactly_once(visit: Visit, tab: Tab) -> None:
    anna = visit("anna", SUPPORT)
    start_topic(anna, new_name("I toget"), "Første besked")
    bo = tab("bo", path_of(anna))
    anna.context.set_offline(True)
    expect(main(anna)).to_contain_text("Du er uden net.")
    for text in ("Skrevet i toget", "Og en til"):
        write(anna, text)
    expect(message(anna, "Skrevet i toget")).to_contain_text("Venter på net")
    anna.context.set_offline(False)

    for text in ("Skrevet i toget", "Og en til"):
        expect_sent(message(anna, text))
    expect(main(bo).get_by_role("article")).to_contain_text(["Første besked", "Skrevet i toget", "Og en til"])
    anna.reload()
    expect(main(anna).get_by_role("article")).to_contain_text(
        ["Første besked", "Skrevet i toget", "Og en til"]
    )


def test_a_lost_network_is_said_at_once(visit: Visit) -> None:
    anna = visit("anna", SUPPORT)
    # The browser holds on to a request that is under way.
    with anna.expect_request(lambda request: "timeout=30000" in request.url):
        anna.reload()
    anna.context.set_offline(True)
    expect(main(anna)).to_contain_text("Du er uden net.")
    anna.context.set_offline(False)
    expect(main(anna)).not_to_contain_text("Du er uden net.")


def test_what_waits_for_a_network_survives_that_the_window_is_closed(visit: Visit) -> None:
    anna = visit("anna", SUPPORT, intercepted=True)
    start_topic(anna, new_name("Låget klappes ned"), "Første besked")
    window, address = anna.context, anna.url
    window.route("**/send/**", lambda route: route.abort())
    write(anna, "Sendes i morgen")
    expect(message(anna, "Sendes i morgen")).to_contain_text("Sender …")
    anna.close()
    window.unroute("**/send/**")

    again = window.new_page()
    again.goto(address)
    expect_sent(message(again, "Sendes i morgen"))
    expect(main(again).get_by_role("article")).to_contain_text(["Første besked", "Sendes i morgen"])


def test_an_answer_that_got_lost_on_its_way_back_does_not_send_twice(visit: Visit, tab: Tab) -> None:
    anna = visit("anna", SUPPORT, intercepted=True)
    start_topic(anna, new_name("Ekko"), "Første besked")
    bo = tab("bo", path_of(anna))

    def deliver_and_lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    anna.context.route("**/send/**", deliver_and_lose_the_answer, times=1)
    said = write(anna, "Kun én gang")
    expect_sent(said)
    write(anna, "Derefter")
    for page in (anna, bo):
        expect(main(page).get_by_role("article")).to_contain_text(
            ["Første besked", "Kun én gang", "Derefter"]
        )


def refuse(route: Route) -> None:
    route.fulfill(status=403, json={"errcode": "M_FORBIDDEN", "error": "no"})


def refused_message(anna: Page) -> None:
    start_topic(anna, new_name("Afvist"), "Første besked")
    # Else it is the first message that meets the refusal.
    expect_sent(message(anna, "Første besked"))
    anna.context.route("**/send/**", refuse, times=1)
    write(anna, "Bliver afvist")
    expect(message(anna, "Bliver afvist")).to_contain_text("Ikke sendt")


def test_a_message_that_was_not_sent_says_so_and_is_sent_again(visit: Visit, tab: Tab) -> None:
    anna = visit("anna", SUPPORT, intercepted=True)
    refused_message(anna)
    bo = tab("bo", path_of(anna))
    said = message(anna, "Bliver afvist")
    said.get_by_role("button", name="Send igen").click()
    expect_sent(said)
    expect(said).not_to_contain_text("Ikke sendt")
    expect(message(bo, "Bliver afvist")).to_be_visible()


def test_a_message_that_was_not_sent_can_be_dropped(visit: Visit) -> None:
    anna = visit("anna", SUPPORT, intercepted=True)
    refused_message(anna)
    message(anna, "Bliver afvist").get_by_role("button", name="Slet").click()
    expect(main(anna)).not_to_contain_text("Bliver afvist")
    anna.reload()
    expect(message(anna, "Første besked")).to_be_visible()
    expect(main(anna)).not_to_contain_text("Bliver afvist")


def test_a_topic_that_was_not_started_keeps_its_words(visit: Visit) -> None:
    anna = visit("anna", SUPPORT, intercepted=True)
    anna.context.route("**/send/**", refuse, times=1)
    anna.get_by_role("button", name="Nyt emne", exact=True).click()
    anna.get_by_label("Emnets navn").fill(new_name("Lykkes ikke"))
    anna.get_by_label("Din besked").fill("Ordene bliver stående")
    anna.get_by_role("button", name="Start emnet").click()
    expect(main(anna)).to_contain_text("Emnet blev ikke startet. Din tekst er her endnu")
    expect(anna.get_by_label("Din besked")).to_have_value("Ordene bliver stående")


def test_an_empty_message_is_not_sent(tab: Tab) -> None:
    anna = tab("anna", SUPPORT)
    start_topic(anna, new_name("Tomt"), "Første besked")
    box(anna).fill("   ")
    expect(main(anna).get_by_role("button", name="Send", exact=True)).to_be_disabled()
    box(anna).press("Control+Enter")
    write(anna, "Noget")
    expect(main(anna).get_by_role("article")).to_contain_text(["Første besked", "Noget"])
