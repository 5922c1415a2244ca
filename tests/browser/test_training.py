"""Step, ten steps, play, the learning rate, seeds, and where numbers end."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.visitor import Visitor, available, unavailable


def test_a_first_visitor_is_told_one_thing_and_it_goes_with_the_first_step(visitor: Visitor) -> None:
    visitor.sees("Press Step")
    unavailable(visitor.at("undo"))
    unavailable(visitor.at("reset"))
    visitor.press("step")
    visitor.sees("Step 1: the loss fell from 2.250")
    expect(visitor.sentence).not_to_contain_text("Press Step")
    available(visitor.at("undo"))


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
    posts = visitor.presses()
    visitor.at("rate").fill("0.25")
    visitor.key("Enter")
    visitor.sees("The learning rate is 0.25 now")
    visitor.at("rate").blur()
    assert visitor.settle().revision == len(posts) == 1
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


def test_the_referee_agrees_and_nobody_need_ask_it(visitor: Visitor) -> None:
    for lab in ("network", "convolution"):
        visitor.open(f"/{lab}")
        expect(visitor.at("referee")).to_have_attribute("data-state", "ok")
        expect(visitor.at("referee")).to_contain_text("PyTorch agrees")
    assert visitor.revision == 0
