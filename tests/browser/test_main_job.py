"""Draw, look, step: with the mouse, with a finger, by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.browser.visitor import Visitor, available, unavailable

MIDDLE = [(1, 1), (1, 2), (1, 3)]  # paper in the opening drawing


def test_a_first_visitor_is_told_one_thing_and_it_goes_with_the_first_step(visitor: Visitor) -> None:
    visitor.sees("Press Step")
    unavailable(visitor.at("undo"))
    unavailable(visitor.at("reset"))
    visitor.press("step")
    visitor.sees("Step 1: the loss fell from 2.250")
    expect(visitor.sentence).not_to_contain_text("Press Step")
    available(visitor.at("undo"))


# --- drawing ---------------------------------------------------------------------------------------------------------


def test_a_click_inks_a_pixel_and_another_wipes_it(visitor: Visitor) -> None:
    visitor.pixel(2, 2).click()
    expect(visitor.pixel(2, 2)).to_have_attribute("aria-label", "1 at row 2, column 2")
    expect(visitor.number("input[2,2]")).to_have_text("1")
    expect(visitor.at("undo")).to_have_attribute("aria-label", "Undo: ink [2, 2]")
    visitor.pixel(2, 2).click()
    expect(visitor.pixel(2, 2)).to_have_attribute("aria-label", "0 at row 2, column 2")
    expect(visitor.at("undo")).to_have_attribute("aria-label", "Undo: wipe [2, 2]")
    assert visitor.settle().revision == 2


def test_a_drag_is_one_action_and_one_undo_takes_it_back(visitor: Visitor) -> None:
    before = visitor.drawing
    visitor.drag(MIDDLE)
    visitor.sees_revision(1)
    assert visitor.drawing == ".###. ##### #...# #...# .###."
    visitor.press("undo")
    visitor.sees("Undone")
    assert visitor.drawing == before


def test_a_drag_paints_what_its_first_pixel_became_and_never_toggles(visitor: Visitor) -> None:
    visitor.drag([(0, 1), (0, 2), (1, 2), (0, 2), (0, 3)])  # begins on ink, crosses paper, and comes back
    visitor.sees_revision(1)
    assert visitor.drawing == "..... #...# #...# #...# .###."


def test_a_fast_drag_leaves_no_pixel_out_that_the_mouse_reported(visitor: Visitor) -> None:
    visitor.press("clear")
    visitor.drag([(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)])
    visitor.sees_revision(2)
    assert all(visitor.drawing.split()[place][place] == "#" for place in range(5))


def test_a_finger_draws_and_the_page_stays_where_it_is(phone: Visitor) -> None:
    phone.drag_finger([(1, 2), (2, 2), (3, 2)])
    phone.sees_revision(1)
    assert phone.drawing == ".###. #.#.# #.#.# #.#.# .###."
    assert phone.page.evaluate("() => [scrollX, scrollY]") == [0, 0]
    phone.press("undo")
    phone.sees_revision(2)
    assert phone.drawing == ".###. #...# #...# #...# .###."


def test_a_tap_inks_a_pixel_once(phone: Visitor) -> None:
    phone.pixel(2, 2).tap()
    expect(phone.pixel(2, 2)).to_have_attribute("aria-label", "1 at row 2, column 2")
    assert phone.settle().revision == 1


def test_after_a_finger_has_drawn_the_keyboard_still_draws(phone: Visitor) -> None:
    phone.drag_finger([(1, 1), (1, 2), (1, 3)])
    phone.sees_revision(1)
    phone.pixel(3, 3).focus()
    phone.key("Space")
    expect(phone.pixel(3, 3)).to_have_attribute("aria-label", "1 at row 3, column 3")


def test_a_finger_beside_the_pad_scrolls_the_phone(phone: Visitor) -> None:
    phone.swipe([(8, height) for height in range(600, 200, -10)])
    assert phone.page.evaluate("() => scrollY") > 100
    assert phone.revision == 0


# --- the keyboard alone ----------------------------------------------------------------------------------------------


def to_the_pad(visitor: Visitor) -> None:
    """Tab along until a pixel has the focus."""

    def there() -> bool:
        visitor.key("Tab")
        return bool(visitor.page.evaluate("() => document.activeElement.id.startsWith('px-')"))

    visitor.waits(there, "Tab reaches the pad")


def test_the_pad_is_drawn_on_by_keyboard(visitor: Visitor) -> None:
    to_the_pad(visitor)
    expect(visitor.pixel(0, 0)).to_be_focused()
    visitor.key("ArrowDown", "ArrowRight", "Space")
    expect(visitor.pixel(1, 1)).to_have_attribute("aria-label", "1 at row 1, column 1")
    expect(visitor.pixel(1, 1)).to_be_focused()
    visitor.key("ArrowLeft", "Enter")
    expect(visitor.pixel(1, 0)).to_have_attribute("aria-label", "0 at row 1, column 0")
    assert visitor.settle().revision == 2


def test_the_arrows_stop_at_the_edge_of_the_pad(visitor: Visitor) -> None:
    visitor.pixel(0, 0).focus()
    visitor.key("ArrowUp", "ArrowLeft")
    expect(visitor.pixel(0, 0)).to_be_focused()
    assert visitor.settle().revision == 0


def test_escape_leaves_the_pad_and_then_the_keys_step(visitor: Visitor) -> None:
    visitor.pixel(2, 2).focus()
    visitor.key("ArrowRight")
    assert visitor.settle().revision == 0
    visitor.key("Escape", "ArrowRight")
    visitor.sees("Step 1:")


@pytest.mark.parametrize(
    ("forward", "back"), [("PageDown", "PageUp"), ("Space", "ArrowLeft"), ("ArrowRight", "PageUp")]
)
def test_a_presenters_keys_step_and_take_back(visitor: Visitor, forward: str, back: str) -> None:
    visitor.key(forward)
    visitor.sees("Step 1:")
    visitor.key(forward)
    visitor.sees("Step 2:")
    visitor.key(back)
    visitor.sees_step(1)


def test_page_keys_step_wherever_the_focus_is(visitor: Visitor) -> None:
    for place in ("px-2-2", "step", "rate"):
        visitor.at(place).focus()
        visitor.key("PageDown")
    visitor.sees("Step 3:")
    visitor.key("PageUp")
    visitor.sees_step(2)


def test_the_letters_on_the_buttons_press_them(visitor: Visitor) -> None:
    visitor.key("s")
    visitor.sees("Step 1:")
    visitor.key("t")
    visitor.sees("Steps 2 to 11:")
    visitor.key("u")
    visitor.sees_step(1)
    visitor.key("r")
    visitor.sees_step(11)
    visitor.key("i")
    visitor.sees("New weights, seed 15.")
    visitor.key("c")
    visitor.sees("The drawing is blank")


def test_p_plays_and_pauses_and_m_opens_more(visitor: Visitor) -> None:
    visitor.key("p")
    expect(visitor.at("play")).to_have_attribute("aria-label", "Pause")
    visitor.key("p")
    expect(visitor.at("play")).to_have_attribute("aria-label", "Play")
    visitor.key("m")
    expect(visitor.at("panel-more")).to_be_visible()
    visitor.key("Escape")
    expect(visitor.at("panel-more")).to_be_hidden()


@pytest.mark.parametrize("key", [".", "b"])
def test_a_key_blanks_the_projector_and_lights_it_again(visitor: Visitor, key: str) -> None:
    visitor.key(key)
    expect(visitor.at("blank")).to_be_visible()
    visitor.key(key)
    expect(visitor.at("blank")).to_be_hidden()


@pytest.mark.parametrize("key", ["PageDown", "Space", "s"])
def test_a_held_key_steps_once(visitor: Visitor, key: str) -> None:
    for _ in range(4):
        visitor.page.keyboard.down(key)
    visitor.page.keyboard.up(key)
    visitor.sees("Step 1:")
    assert visitor.settle().step == 1


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_key_held_on_a_button_presses_it_once(visitor: Visitor, key: str) -> None:
    visitor.at("step").focus()
    for _ in range(4):
        visitor.page.keyboard.down(key)
    visitor.page.keyboard.up(key)
    visitor.sees("Step 1:")
    assert visitor.settle().step == 1


def test_letter_keys_can_be_switched_off_and_stay_off(visitor: Visitor) -> None:
    visitor.key("m")
    visitor.at("letters").uncheck()
    visitor.page.reload()
    visitor.key("s", "t", "c", "b", "PageDown")
    visitor.sees("Step 1:")
    assert visitor.settle().revision == 1
    expect(visitor.at("blank")).to_be_hidden()


def test_letters_typed_into_a_field_press_nothing(visitor: Visitor) -> None:
    visitor.at("rate").focus()
    visitor.key("s", "c", "b", ".", "Space", "ArrowLeft")
    assert visitor.settle().revision == 0
    expect(visitor.at("blank")).to_be_hidden()


def test_keys_of_the_browser_are_left_alone(visitor: Visitor) -> None:
    visitor.key("Control+s", "Alt+ArrowRight", "Control+ArrowRight")
    assert visitor.settle().revision == 0


def test_everything_that_acts_can_be_reached_by_tab(visitor: Visitor) -> None:
    visitor.press("more")
    reached: set[str] = set()

    def again() -> bool:
        visitor.key("Tab")
        name = str(visitor.page.evaluate("() => document.activeElement.id"))
        known = name in reached
        reached.add(name)
        return known and name == first

    visitor.key("Tab")
    first = str(visitor.page.evaluate("() => document.activeElement.id"))
    visitor.waits(again, "Tab comes round")
    acts = {"undo", "step", "step-10", "play", "redo", "reset", "rate", "more", "clear", "samples", "label-0"}
    assert acts | {"px-0-0", "seed", "new-weights", "start-over", "sample-four"} <= reached
    assert {f"show-{voices}" for voices in VOICES} <= reached


# --- everything else on the desk -------------------------------------------------------------------------------------


def test_a_label_says_what_the_network_should_say(visitor: Visitor) -> None:
    visitor.press("label-3")
    visitor.sees("Now it should say 3, and it does")
    expect(visitor.at("label-3")).to_have_attribute("aria-pressed", "true")
    expect(visitor.at("label-0")).to_have_attribute("aria-pressed", "false")
    expect(visitor.page.locator("#panel-softmax tr.label th")).to_have_text("3")


def test_a_sample_brings_its_label_and_more_makes_room_for_it(visitor: Visitor) -> None:
    visitor.press("samples", "sample-four")
    expect(visitor.at("label-4")).to_have_attribute("aria-pressed", "true")
    assert visitor.drawing == "#.#.. #.#.. ##### ..#.. ..#.."
    expect(visitor.at("panel-more")).to_be_hidden()


def test_a_blank_drawing_says_so(visitor: Visitor) -> None:
    visitor.press("clear")
    visitor.sees("The drawing is blank: only the biases speak.")
    unavailable(visitor.at("clear"))
    visitor.press("step")
    visitor.sees("Step 1:")


def test_a_pixel_that_no_window_reads_says_so(visitor: Visitor) -> None:
    visitor.pixel(4, 4).click()
    visitor.sees("No window reads pixel [4, 4]")


def test_ten_steps_are_one_press_and_one_undo(visitor: Visitor) -> None:
    visitor.press("step-10")
    visitor.sees("Steps 1 to 10: the loss fell from 2.250")
    expect(visitor.at("undo")).to_have_attribute("aria-label", "Undo: 10 steps, network")
    visitor.press("undo")
    visitor.sees_step(0)


def test_play_steps_by_itself_until_pause(visitor: Visitor) -> None:
    visitor.press("play")
    visitor.sees_it_play(3)
    visitor.press("play")
    expect(visitor.at("play")).to_have_attribute("aria-label", "Play", timeout=1000)
    assert visitor.ask("session")["playing"] is None
    assert f"Step {visitor.settle().step}:" in (visitor.sentence.text_content() or "")


def test_the_learning_rate_changes_without_a_reset(visitor: Visitor) -> None:
    visitor.press("step")
    visitor.sees("Step 1:")
    before = visitor.numbers["fc.weight[0,0]"]
    visitor.set_rate("0.5")
    visitor.sees("The learning rate is 0.5 now")
    assert visitor.numbers["fc.weight[0,0]"] == before
    assert visitor.ask("session")["step"] == 1


def test_enter_sets_the_rate_once(visitor: Visitor) -> None:
    visitor.at("rate").fill("0.25")
    visitor.key("Enter")
    visitor.sees("The learning rate is 0.25 now")
    assert visitor.settle().revision == 1
    assert visitor.at("rate").input_value() == "0.25"


def test_a_rate_that_is_none_is_refused_with_a_sentence_that_goes_away(visitor: Visitor) -> None:
    visitor.watch.allow("422")
    visitor.set_rate("−3")
    expect(visitor.at("notice")).to_contain_text("a number over 0")
    visitor.press("step")
    visitor.sees("Step 1:")
    expect(visitor.at("notice")).to_be_empty()


def test_a_seed_makes_new_weights_and_reset_brings_them_back(visitor: Visitor) -> None:
    visitor.press("more")
    visitor.at("seed").fill("7")
    visitor.press("new-weights")
    visitor.sees("New weights, seed 7.")
    fresh = visitor.numbers["conv.weight[0,0,0,0]"]
    visitor.press("step-10", "reset")
    visitor.sees("New weights, seed 7.")
    assert visitor.numbers["conv.weight[0,0,0,0]"] == fresh
    unavailable(visitor.at("reset"))


def test_start_over_is_the_opening_state_and_undo_brings_all_back(visitor: Visitor) -> None:
    opening = visitor.numbers
    visitor.press("step", "label-3")
    visitor.sees("Now it should say 3")
    left = visitor.numbers
    visitor.press("more", "start-over")
    visitor.sees("Started over")
    assert visitor.numbers.items() >= {at: text for at, text in opening.items() if "conv" in at}.items()
    visitor.press("undo")
    visitor.sees("Undone")
    assert visitor.numbers.items() >= {at: text for at, text in left.items() if "losses" not in at}.items()


def test_undo_and_redo_name_what_they_take_back(visitor: Visitor) -> None:
    visitor.press("step", "label-3")
    expect(visitor.at("undo")).to_have_attribute("aria-label", "Undo: label 3")
    visitor.press("undo")
    expect(visitor.at("undo")).to_have_attribute("aria-label", "Undo: step 1, network")
    expect(visitor.at("redo")).to_have_attribute("aria-label", "Redo: label 3")
    visitor.press("redo")
    visitor.sees("Redone")
    unavailable(visitor.at("redo"))


def test_a_button_that_is_unavailable_does_nothing_but_can_be_read(visitor: Visitor) -> None:
    visitor.at("undo").focus()
    visitor.key("Enter")
    visitor.at("undo").click(force=True)
    expect(visitor.at("undo")).to_be_focused()
    assert visitor.settle().revision == 0
    expect(visitor.at("notice")).to_be_empty()


# --- the scrubber ----------------------------------------------------------------------------------------------------


def place(visitor: Visitor, share: float) -> tuple[float, float]:
    """Return a place on the scrubber, from its first step (0) to its last (1)."""
    box = visitor.at("scrub").bounding_box()
    assert box
    thumb = visitor.page.evaluate("() => parseFloat(getComputedStyle(document.documentElement).fontSize)")
    return box["x"] + thumb / 2 + share * (box["width"] - thumb), box["y"] + box["height"] / 2


def test_the_scrubber_goes_back_by_mouse_and_reads_off_the_loss_on_the_way(visitor: Visitor) -> None:
    visitor.press("step-10")
    visitor.sees("Steps 1 to 10")
    losses = visitor.ask("network/losses")
    mouse = visitor.page.mouse
    mouse.move(*place(visitor, 1))
    mouse.down()
    mouse.move(*place(visitor, 0.4), steps=5)
    expect(visitor.at("readout")).to_have_text(f"step 4: {losses[4]:.3f}")
    assert visitor.settle().revision == 1
    mouse.up()
    visitor.sees_step(4)
    assert len(visitor.ask("network/losses")) == 4


def test_an_answer_that_comes_during_a_drag_does_not_take_the_scrubber_away(visitor: Visitor) -> None:
    visitor.press("step-10")
    visitor.sees("Steps 1 to 10")
    held: list[Route] = []
    visitor.page.route("**/network/referee", lambda route: held.append(route))
    visitor.waits(lambda: held, "the referee is asked")
    visitor.page.mouse.move(*place(visitor, 1))
    visitor.page.mouse.down()
    visitor.page.mouse.move(*place(visitor, 0.4), steps=5)
    with visitor.page.expect_event("requestfinished"):
        held[0].continue_()
    expect(visitor.page.locator("#referee.htmx-request")).to_have_count(0)
    visitor.page.mouse.up()
    visitor.sees_step(4)


def test_each_key_on_the_scrubber_counts_while_an_answer_is_under_way(visitor: Visitor) -> None:
    visitor.press("step-10")
    visitor.sees("Steps 1 to 10")
    held: list[Route] = []
    visitor.page.route("**/network/rewind", lambda route: held.append(route))
    visitor.at("scrub").focus()
    visitor.key("ArrowLeft", "ArrowLeft")
    visitor.waits(lambda: held, "the first press left")
    held[0].continue_()
    visitor.sees_revision(2)
    visitor.key("ArrowLeft")
    for number in (1, 2):
        visitor.waits(lambda sent=number: len(held) > sent, "the next press left")  # type: ignore[misc]
        held[number].continue_()
    visitor.sees_step(7)


def test_the_scrubber_goes_step_by_step_by_keyboard(visitor: Visitor) -> None:
    visitor.press("step-10")
    visitor.sees("Steps 1 to 10")
    visitor.at("scrub").focus()
    visitor.key("ArrowLeft")
    visitor.sees_step(9)
    visitor.key("ArrowLeft")
    visitor.sees_step(8)
    visitor.key("Home")
    visitor.sees_step(0)
    expect(visitor.at("scrub")).to_be_focused()
    visitor.key("End")
    visitor.sees_step(10)


def test_from_the_middle_undo_redo_and_step_go_where_they_say(visitor: Visitor) -> None:
    visitor.press("step-10")
    visitor.sees("Steps 1 to 10")
    visitor.at("scrub").fill("4")
    visitor.sees_step(4)
    expect(visitor.at("undo")).to_have_attribute("aria-label", "Undo: 4 steps, network")
    for press, step in (("undo", 0), ("redo", 4), ("redo", 10)):
        visitor.press(press)
        visitor.sees_step(step)
    visitor.at("scrub").fill("4")
    visitor.sees_step(4)
    visitor.press("step")
    visitor.sees("Step 5:")


# --- numbers that are none -------------------------------------------------------------------------------------------


def test_where_numbers_end_the_page_says_why_and_undo_leads_back(visitor: Visitor) -> None:
    visitor.set_rate("1e20")
    visitor.sees("The learning rate is 1e")
    visitor.press("label-3")
    visitor.sees("Now it should say 3")
    before = visitor.numbers
    visitor.press("step-10")
    visitor.sees("The step was too big")
    unavailable(visitor.at("step"))
    unavailable(visitor.at("step-10"))
    expect(visitor.at("undo")).to_have_class("lead")
    expect(visitor.number("fc.weight[0,0]")).to_have_text("nan")
    visitor.press("undo")
    visitor.sees("Undone")
    expect(visitor.at("step")).to_have_class("lead")
    assert visitor.numbers.items() >= {at: text for at, text in before.items() if "losses" not in at}.items()


def test_step_stays_unavailable_by_every_way_in(visitor: Visitor) -> None:
    visitor.break_numbers()
    broken = visitor.revision
    visitor.key("PageDown", "Space", "ArrowRight", "s", "t", "p")
    visitor.press_at_once("step", "step-10", "play")
    assert visitor.settle().revision == broken
    visitor.key("PageUp")
    visitor.sees("Undone")


# --- what is shown, and what is remembered ---------------------------------------------------------------------------

CELL = "fc.weight[0,0]"
VOICES = {"values": "v", "gradients": "g", "both": "vg", "moved": "vo"}


def shows_alone(visitor: Visitor, choice: str) -> None:
    """Wait until the switch and the numbers say that this is shown, and nothing else."""
    for other in VOICES:
        expect(visitor.at(f"show-{other}")).to_have_attribute("aria-pressed", "true" if other == choice else "false")
    for voice, address in {"v": CELL, "g": f"grad.{CELL}", "o": f"old.{CELL}"}.items():
        expect(visitor.number(address)).to_have_count(1 if voice in VOICES[choice] else 0)


@pytest.mark.parametrize("choice", VOICES)
def test_the_switch_shows_what_it_says_and_sends_nothing_else(visitor: Visitor, choice: str) -> None:
    visitor.press("step")
    visitor.sees("Step 1:")
    visitor.shows("both" if choice == "values" else "values")  # a press of what is shown already would prove nothing
    visitor.shows(choice)
    shows_alone(visitor, choice)
    for voice, address in {"v": CELL, "g": f"grad.{CELL}", "o": f"old.{CELL}"}.items():
        expect(visitor.number(address)).to_be_visible(visible=voice in VOICES[choice])
    visitor.sees("Backward:" if "g" in VOICES[choice] else "Step 1:")
    expect(visitor.sentence).not_to_contain_text("Step 1:" if "g" in VOICES[choice] else "Backward:")


def test_a_gradient_is_italic_and_a_value_upright(visitor: Visitor) -> None:
    visitor.shows("both")
    expect(visitor.number(f"grad.{CELL}")).to_have_css("font-style", "italic")
    expect(visitor.number(CELL)).to_have_css("font-style", "normal")


def test_the_switch_and_the_theme_outlast_a_reload(visitor: Visitor) -> None:
    visitor.shows("both")
    visitor.press("more")
    visitor.at("theme-dark").check()
    expect(visitor.page.locator("body")).to_have_css("color", "rgb(242, 241, 236)")
    visitor.page.reload()
    expect(visitor.page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(visitor.page.locator("body")).to_have_css("color", "rgb(242, 241, 236)")
    expect(visitor.at("theme-dark")).to_be_checked()
    shows_alone(visitor, "both")


def test_the_switch_is_one_entry_that_a_step_and_an_undo_leave_alone(visitor: Visitor) -> None:
    visitor.press("step")
    visitor.sees_revision(1)
    visitor.shows("gradients")
    assert visitor.settle().revision == 2
    visitor.press("show-gradients")  # it is pressed already
    assert visitor.settle().revision == 2
    visitor.press("step")
    visitor.sees_revision(3)
    shows_alone(visitor, "gradients")
    visitor.press("undo", "undo")  # both steps, over the switch that lies between them
    visitor.sees_step(0)
    unavailable(visitor.at("undo"))
    shows_alone(visitor, "gradients")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_switch_goes_by_keyboard_and_keeps_the_focus(visitor: Visitor, key: str) -> None:
    visitor.at("show-values").focus()
    visitor.key("Tab", "Tab", key)
    shows_alone(visitor, "both")
    expect(visitor.at("show-both")).to_be_focused()
    assert visitor.settle().revision == 1


def test_another_tab_shows_what_the_switch_says(visitor: Visitor) -> None:
    visitor.press("step")
    visitor.shows("moved")
    other = visitor.another_tab()
    shows_alone(other, "moved")
    other.press("show-gradients")
    shows_alone(other, "gradients")
    visitor.press("step")
    visitor.sees_revision(4)
    shows_alone(visitor, "gradients")


def test_the_theme_follows_the_system_until_it_is_chosen(dark: Visitor) -> None:
    expect(dark.page.locator("html")).to_have_css("background-color", "rgb(15, 17, 20)")
    dark.press("more")
    dark.at("theme-light").check()
    expect(dark.page.locator("html")).to_have_css("background-color", "rgb(251, 250, 247)")


def test_more_stays_open_while_the_answer_comes(visitor: Visitor) -> None:
    visitor.press("more")
    visitor.key("PageDown")
    visitor.sees_revision(1)
    expect(visitor.at("panel-more")).to_be_visible()


def test_the_referee_agrees_and_nobody_need_ask_it(visitor: Visitor) -> None:
    expect(visitor.at("referee")).to_have_attribute("data-state", "ok")
    expect(visitor.at("referee")).to_contain_text("PyTorch agrees")
    assert visitor.revision == 0
