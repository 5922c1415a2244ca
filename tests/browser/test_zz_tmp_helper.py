from playwright.sync_api import expect
from tests.browser.test_looks import on_a_phone
import pytest


@pytest.mark.parametrize("k", range(4))
@pytest.mark.parametrize("wait", [0, 600])
def test_it(welcome, k, wait):
    v = on_a_phone(welcome, (390, 844))
    v.page.evaluate(
        "() => {window.log=[]; for (const t of ['touchstart','touchend','touchcancel','click','submit']) document.addEventListener(t, e => window.log.push([t, e.target.id||e.target.tagName, scrollY|0, Math.round(performance.now())].join(' ')), true)}"
    )
    v.swipe([(4, h) for h in range(724, 150, -10)])
    v.page.wait_for_timeout(wait)
    v.at("step").tap()
    v.page.wait_for_timeout(1500)
    print("WAIT", wait, v.page.evaluate("() => window.log.slice(-6)"), v.at("revision").get_attribute("data-revision"))
