"""The Training page: it learns from handwriting, goes back, forks, and shows what is watched while it learns."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Welcome
from tests.browser.fresh import same_as_fresh
from tests.browser.look import MEASURE
from tests.browser.test_accessibility import HEADERLESS, violations
from tests.browser.test_looks import DESKS, PHONES, name
from tests.browser.visitor import Visitor, available, unavailable


@pytest.fixture
def lab(visitor: Visitor) -> Visitor:
    return visitor.open("/training")


def right(visitor: Visitor) -> float:
    """Return how many per cent of the test digits are right."""
    return float(visitor.number("training:test.right").inner_text().removesuffix(" %"))


def test_it_learns_from_handwriting_goes_back_and_forks(lab: Visitor) -> None:
    lab.sees("Nothing is learned yet")
    lab.shows("network")
    lab.press("rung-eight")
    lab.sees("2,090 parameters")
    lab.shows("run")
    lab.press("step-10", "step-10", "step-10")
    lab.sees("Step 135, 3 epochs:")
    assert right(lab.settle()) > 70
    same_as_fresh(lab)

    scrub = lab.at("scrub")
    scrub.focus()
    scrub.evaluate("it => { it.value = 45; it.dispatchEvent(new Event('change', { bubbles: true })); }")
    lab.sees("Back at step 45")
    expect(lab.at("panel-curve")).to_contain_text("step 45: looking back")
    lab.press("fork")
    lab.sees("Changed on the way: shuffle 16.")
    lab.press("step-10")
    lab.sees("Step 90, 2 epochs:")
    expect(lab.page.locator(".runs button")).to_have_text(["order 15"])
    same_as_fresh(lab)
    lab.page.locator(".runs button").click()
    lab.sees("at step 135")
    expect(lab.page.locator(".runs button")).to_have_text(["order 16"])


def test_a_pointer_over_the_curve_reads_step_and_loss(lab: Visitor) -> None:
    lab.press("step-10")
    lab.sees("Step 45, 1 epoch:")
    lab.at("scrub").hover()
    expect(lab.at("readout")).to_have_text(re.compile(r"^step 2[0-4]: 2\.\d{3}$"))
    lab.at("step").hover()
    expect(lab.at("readout")).to_be_empty()


def test_play_goes_on_for_ten_epochs_and_ends(lab: Visitor) -> None:
    lab.do("training-data", set="lab")
    lab.page.reload()
    lab.press("play")
    lab.sees("Step 10, 10 epochs:")
    expect(lab.at("play")).to_have_attribute("aria-label", re.compile("^Play"))
    expect(lab.at("panel-progress")).to_contain_text("10 epochs done")
    same_as_fresh(lab.settle())


def test_a_run_can_be_stopped_and_nothing_is_lost(lab: Visitor) -> None:
    lab.press("play")
    lab.sees_it_play(3)
    lab.press("play")
    expect(lab.at("play")).to_have_attribute("aria-label", re.compile("^Play"))
    steps = int(lab.settle().at("pace-data").get_attribute("value") or 0)
    assert steps > 0
    lab.page.reload()
    assert int(lab.at("pace-data").get_attribute("value") or 0) == steps


def test_by_keyboard_alone(lab: Visitor) -> None:
    lab.key("PageDown", "PageDown")
    lab.sees("Step 2, epoch 1:")
    lab.settle().key("t")  # how many steps Epoch takes stands on its button
    lab.sees("Step 45, 1 epoch:")
    lab.key("PageUp")
    lab.sees("Back at step 2")
    cell = lab.page.locator("#panel-confusion button").first
    cell.focus()
    lab.key("Enter")
    expect(lab.page.locator('#panel-confusion [aria-pressed="true"]')).to_have_count(1)
    expect(lab.at("panel-mistakes")).to_contain_text("press again for all")


def test_a_kernel_that_is_pressed_shows_its_numbers(lab: Visitor) -> None:
    lab.press("kernel-1")
    weights = lab.ask("training")["weights"]["conv.weight"][1][0]
    for row in range(2):
        for column in range(2):
            cell = lab.number(f"training:conv.weight[1,0,{row},{column}]")
            assert float(cell.inner_text().replace("−", "-")) == pytest.approx(weights[row][column], abs=0.005)
    lab.number("training:conv.weight[1,0,0,0]").click()
    expect(lab.at("panel-explanation")).to_contain_text("torch.manual_seed(15)")
    lab.press("unpoint", "kernel-close")
    expect(lab.page.locator(".mosaic button")).to_have_count(4)


def test_a_cell_of_the_matrix_shows_its_digits(lab: Visitor) -> None:
    cell = lab.page.locator("#panel-confusion button").first
    count = int(cell.inner_text())
    cell.click()
    expect(lab.at("panel-mistakes")).to_contain_text(f"{count} of the test digits")
    expect(lab.page.locator("#panel-mistakes li")).to_have_count(min(count, 16))
    cell.click()
    expect(lab.at("panel-mistakes")).to_contain_text("worst first")


def test_settings_change_on_the_way_and_the_seed_begins_again(lab: Visitor) -> None:
    lab.press("step")
    lab.sees("Step 1")
    lab.at("momentum").fill("0.9")
    lab.at("momentum").press("Enter")
    lab.sees("Changed on the way: momentum 0.9.")
    lab.at("seed").fill("7")
    lab.at("seed").press("Enter")
    lab.sees("A new beginning, seed 7:")
    lab.watch.allow("422")
    lab.at("batch").fill("-3")
    lab.at("batch").press("Enter")
    expect(lab.at("notice")).to_contain_text("batch: a whole number from 0 to 2000")
    expect(lab.at("batch")).to_have_value("32")


def test_a_network_without_logits_says_what_it_lacks(lab: Visitor) -> None:
    lab.shows("network")
    for rung, shape in (("convolution", "[n, 4, 2, 2]"), ("pooling", "[n, 4, 1, 1]"), ("relu", "[n, 4, 1, 1]")):
        lab.press(f"rung-{rung}")
        expect(lab.page.locator(".stages li").last).to_contain_text(shape)
        lab.sees("a loss needs ten logits")
    unavailable(lab.at("step"))
    lab.press("rung-lab")
    available(lab.at("step"))
    expect(lab.page.locator(".printed pre")).to_contain_text("(fc): Linear(in_features=4, out_features=10, bias=True)")
    lab.at("part-hidden").select_option("16")
    lab.sees("hidden 16: 270 parameters")
    expect(lab.page.locator("#part-kernel_size option:disabled")).to_have_count(2)
    same_as_fresh(lab)


def test_own_drawings_are_added_learned_from_and_removed(lab: Visitor) -> None:
    lab.shows("data")
    expect(lab.at("panel-wall")).to_contain_text("59 of them bear more than one label")
    lab.press("set-own")
    lab.sees("There are no drawings of yours yet.")
    lab.press("add")
    lab.sees("Your own set: 1 drawing.")
    lab.pixel(2, 2).click()
    lab.press("label-8", "add")
    lab.sees("Your own set: 2 drawings.")
    expect(lab.page.locator(".pictures li")).to_have_count(2)
    lab.press("step")
    lab.sees("Step 1")
    same_as_fresh(lab)
    lab.page.get_by_role("button", name="Remove drawing 1, a 8").click()
    expect(lab.page.locator(".pictures li")).to_have_count(1)


def test_the_wall_turns_and_shows_one_label(lab: Visitor) -> None:
    lab.shows("data")
    expect(lab.page.locator(".pictures li")).to_have_count(60)
    lab.press("wall-on")
    expect(lab.page.locator(".turn")).to_contain_text("2 of 30")
    lab.press("wall-3")
    expect(lab.page.locator(".turn")).to_contain_text("1 of 4")
    lab.press("wrong-50")
    lab.sees("Now it learns from handwriting")
    expect(lab.page.locator(".pictures s").first).to_be_visible()


@pytest.mark.parametrize("lesson", ["rate", "dead", "zeros", "twins", "labels", "zero_grad", "three"])
def test_a_lesson_says_why_and_leads_back(lab: Visitor, lesson: str) -> None:
    lab.press("step")
    lab.sees("Step 1")
    lab.press("more")
    lab.press(f"lesson-{lesson}")
    lab.sees("A lesson")
    lab.press("step-10")
    expect(lab.at("panel-lesson")).to_be_visible()
    lab.press("lesson-back")
    lab.sees("Back at step 1")
    expect(lab.at("panel-lesson")).to_be_hidden()
    same_as_fresh(lab)


def test_moved_by_a_pixel_says_what_the_pooling_absorbs(lab: Visitor) -> None:
    lab.press("more")
    lab.press("shifted")
    expect(lab.at("panel-lesson")).to_contain_text("what the pooling hands on by")
    lab.press("lesson-back")
    expect(lab.at("panel-lesson")).to_be_hidden()


def test_weights_that_are_no_numbers_end_in_a_sentence(lab: Visitor) -> None:
    lab.do("training-settings", rate=1e30)
    lab.do("training-step", steps=3)
    lab.page.reload()
    lab.sees("The weights are no numbers any more")
    unavailable(lab.at("step"))
    unavailable(lab.at("play"))
    lab.press("undo")
    lab.sees("Back at step 0")
    available(lab.at("step"))


def situations(visitor: Visitor) -> list[str]:
    """Bring the page to one state after the other, and return what is wrong with how it looks, state by state."""
    desk = (visitor.page.viewport_size or PHONE)["width"] > PHONE["width"]
    wrong = []

    def look(state: str) -> None:
        visitor.page.reload()
        visitor.page.evaluate("() => document.fonts.ready.then(() => true)")
        rules = {"desk": desk, "touch": 0 if desk else 44}
        wrong.extend(f"{state}: {fault}" for fault in visitor.page.evaluate(MEASURE, rules))

    look("first visit")
    visitor.do("training-network", rung="linear")
    visitor.do("training-step", steps=100)
    visitor.do("training-network", rung="eight")
    visitor.do("training-step", steps=90)
    look("learned")
    visitor.do("rewind", revision=visitor.ask("session")["revision"], step=40, lab="training")
    look("looking back")
    visitor.do("training-show", kernel=2)
    look("a kernel")
    visitor.do("training-network", kernel_size=5)
    look("a kernel of 5×5")
    visitor.do("training-show", kernel=-1)
    for aspect in ("data", "network"):
        visitor.do("training-show", aspect=aspect)
        look(aspect)
    visitor.do("training-network", hidden=16, pool=2, filters=16)
    look("a large network")
    visitor.do("training-data", set="own")
    visitor.do("training-add")
    visitor.do("training-show", aspect="data")
    look("own drawings")
    visitor.do("training-lesson", lesson="three")
    visitor.do("training-show", aspect="run")
    visitor.do("training-step", steps=3)
    look("a lesson")
    return wrong


@pytest.mark.parametrize("size", [size for size in (*DESKS, *PHONES) if size != (1920, 1080)], ids=name)
def test_it_fits_the_screen(welcome: Welcome, size: tuple[int, int]) -> None:
    touch = size in PHONES
    viewport = {"width": size[0], "height": size[1]}
    visitor = welcome(viewport=viewport, has_touch=touch, is_mobile=touch).open("/training")
    assert situations(visitor) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(welcome: Welcome, scheme: str) -> None:
    visitor = welcome(color_scheme=scheme, reduced_motion="reduce").open("/training")
    visitor.do("training-network", rung="eight")
    visitor.do("training-step", steps=90)
    for aspect in ("data", "network", "run"):
        visitor.do("training-show", aspect=aspect)
        visitor.page.reload()
        assert violations(visitor) == [], aspect
        assert visitor.page.evaluate(HEADERLESS) == [], aspect
    visitor.press("more")
    assert violations(visitor) == []


def test_axe_finds_nothing_on_a_phone(phone: Visitor) -> None:
    assert violations(phone.open("/training")) == []


def test_it_works_without_script(without_script: Visitor) -> None:
    visitor = without_script.open("/training")
    visitor.press("step-10")
    visitor.sees("Step 45, 1 epoch:")
    visitor.press("show-network", "rung-linear")
    visitor.sees("260 parameters")
    visitor.press("show-data", "set-glyphs")
    visitor.sees("Now it learns from the glyphs: 96 drawings")
    visitor.press("undo")
    expect(visitor.at("panel-wall")).to_contain_text("1,797 drawings")


def test_a_run_is_saved_and_loaded_again(lab: Visitor, tmp_path: Path) -> None:
    lab.press("step-10")
    lab.sees("Step 45, 1 epoch:")
    share = right(lab)
    lab.press("more")
    lab.page.get_by_role("link", name="Checkpoints and CSV").click()
    with lab.page.expect_download() as saved:
        lab.page.get_by_role("link", name="safetensors").click()
    file = tmp_path / "run.safetensors"
    saved.value.save_as(file)
    lab.do("training-initialise", seed=1)
    lab.at("checkpoint").set_input_files(file)
    lab.press("load-checkpoint")
    lab.sees("A checkpoint of step 45:")
    assert right(lab) == share
    same_as_fresh(lab)


def test_a_link_gives_somebody_else_a_copy(lab: Visitor, welcome: Welcome) -> None:
    lab.press("step-10")
    lab.sees("Step 45, 1 epoch:")
    share = right(lab)
    lab.press("more")
    lab.page.get_by_role("link", name="share").click()
    lab.press("make-link")
    link = lab.at("link").input_value()
    stranger = welcome()
    stranger.page.goto(link)
    stranger.press("open-copy")
    stranger.sees("A copy that somebody shared:")
    assert right(stranger) == share
    unavailable(stranger.at("redo"))
    stranger.press("step")
    stranger.sees("Step 1")
    stranger.press("undo", "undo")
    stranger.sees("8.6 %")
