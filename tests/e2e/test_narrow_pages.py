"""A page that is narrow because it is magnified (WCAG 1.4.10): there is a mouse, and there are keys."""

from e2e.acting import SUPPORT, act_on, message, new_name, start_topic
from e2e.conftest import Tab
from playwright.sync_api import expect


def test_a_mouse_and_the_keys_reach_what_one_can_do_with_a_message(tab: Tab) -> None:
    anna = tab("anna", SUPPORT)
    start_topic(anna, new_name("Smal"), "Første besked")
    anna.set_viewport_size({"width": 640, "height": 512})
    acts = anna.get_by_role("toolbar", name="Handlinger for beskeden")
    link = acts.get_by_role("button", name="Kopiér link")
    act_on(message(anna, "Første besked"), "Kopiér link")
    expect(anna.get_by_text("Linket er kopieret")).to_be_visible()

    anna.get_by_role("textbox").focus()
    anna.mouse.move(0, 0)
    expect(acts).to_have_count(0)
    anna.keyboard.press("Escape")
    expect(link).to_be_visible()
    expect(link).to_be_in_viewport()
