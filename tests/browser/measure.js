// Returns what is wrong with how a page looks: a sentence for each fault, none when all is well.
// rules: {desk: everything on one screen, and large enough for the last row; touch: the least size of what acts}
(rules) => {
  function faults() {
    const wrong = [];
    const width = document.documentElement.clientWidth;
    const height = innerHeight;
    const page = document.scrollingElement;
    const round = (number) => Math.round(number * 10) / 10;

    // --- what there is to see ---
    const heardOnly = (element) => element.closest("h1, legend") || /inset\(50%/.test(getComputedStyle(element).clipPath);
    const seen = (element) =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
      !heardOnly(element) && parseFloat(getComputedStyle(element).fontSize) > 0;
    const more = document.querySelector("#more-panel[open] #panel-more");
    const sheet = more && getComputedStyle(more).position === "absolute" ? more.getBoundingClientRect() : null;
    const underMore = (element, rect) =>
      sheet && !element.closest("#more-panel") && rect.bottom > sheet.top + 1 && rect.right > sheet.left && rect.left < sheet.right;
    const name = (element) => {
      const at = element.closest("[data-at]")?.dataset.at ?? element.closest("[id]")?.id ?? "";
      return `${element.tagName.toLowerCase()} "${element.textContent.trim().replace(/\s+/g, " ").slice(0, 30)}" in ${at}`;
    };

    function clip(element) { // the part of the page in which an element can be seen
      const box = { left: -Infinity, right: Infinity, top: -Infinity, bottom: Infinity };
      for (let outer = element; outer && outer !== document.body; outer = outer.parentElement) {
        const style = getComputedStyle(outer);
        const rect = outer.getBoundingClientRect();
        if (style.overflowX !== "visible" && style.display !== "inline") {
          box.left = Math.max(box.left, rect.left);
          box.right = Math.min(box.right, rect.right);
        }
        if (style.overflowY !== "visible" && style.display !== "inline") {
          box.top = Math.max(box.top, rect.top);
          box.bottom = Math.min(box.bottom, rect.bottom);
        }
        if (style.position === "fixed") break;
      }
      return box;
    }

    // The code, and on a phone a large grid, is scrolled in a place of its own: what lies beside it can be reached.
    const scrolled = (element) => {
      if (element.closest("pre[tabindex]")) return true;
      for (let outer = element; !rules.desk && outer; outer = outer.parentElement) {
        if (/auto|scroll/.test(getComputedStyle(outer).overflowX) && outer.scrollWidth > outer.clientWidth) return true;
      }
      return false;
    };

    // Of what is scrolled, the lines that are to be seen.
    const within = (rect, outer) => {
      const [left, right] = [Math.max(rect.left, outer.left), Math.min(rect.right, outer.right)];
      const whole = rect.top > outer.top - 1 && rect.bottom < outer.bottom + 1;
      return new DOMRect(left, rect.top, whole ? Math.max(0, right - left) : 0, rect.height);
    };

    const texts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.data.trim() || element.closest("title, script, symbol") || !seen(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const size = parseFloat(getComputedStyle(element).fontSize);
      const scroller = element.closest("pre[tabindex]")?.getBoundingClientRect();
      for (const whole of range.getClientRects()) {
        const rect = scroller ? within(whole, scroller) : whole;
        if (rect.width < 1 || rect.height < 1 || underMore(element, rect)) continue;
        texts.push({ node, element, rect, size });
      }
    }

    // --- sizes of type ---
    const least = rules.desk ? height / 40 - 0.1 : 14;
    for (const { element, size } of texts) if (size < least) wrong.push(`too small: ${round(size)} px, ${name(element)}`);
    if (rules.desk && !sheet) {
      for (const key of document.querySelectorAll("#panel-answer strong")) {
        const size = parseFloat(getComputedStyle(key).fontSize);
        if (size < height / 25 - 0.1) wrong.push(`a key number too small: ${round(size)} px, ${name(key)}`);
      }
    }

    // --- everything on the screen, nothing cut off ---
    if (page.scrollWidth > width) wrong.push(`scrolls sideways: ${page.scrollWidth} > ${width}`);
    if (rules.desk && page.scrollHeight > height) wrong.push(`scrolls: ${page.scrollHeight} > ${height}`);
    for (const { element, rect, size } of texts) {
      const glyphs = { top: rect.top + rect.height / 2 - 0.36 * size, bottom: rect.top + rect.height / 2 + 0.36 * size };
      if (scrolled(element)) continue;
      if (rect.left < -0.5 || rect.right > width + 0.5) wrong.push(`beside the screen: ${name(element)}`);
      if (rules.desk && (glyphs.top < -0.5 || glyphs.bottom > height + 0.5)) wrong.push(`off the screen: ${name(element)}`);
      const box = clip(element);
      const over = Math.max(box.left - rect.left, rect.right - box.right, box.top - glyphs.top, glyphs.bottom - box.bottom);
      if (over > 1) wrong.push(`cut off by ${round(over)} px: ${name(element)}`);
    }
    for (const { element, rect } of texts) {
      const holder = element.closest("td > *, button, summary, a.button");
      if (!holder || element.closest("#panel-softmax")) continue;
      const box = holder.getBoundingClientRect();
      const over = Math.max(box.left - rect.left, rect.right - box.right);
      if (over > 0.5) wrong.push(`runs out of its cell by ${round(over)} px: ${name(holder)}`);
    }
    for (const input of document.querySelectorAll("input:not([type=radio], [type=checkbox], [type=range])")) {
      if (seen(input) && input.scrollWidth > input.clientWidth + 1) wrong.push(`cut off: what ${input.id} holds, ${input.value}`);
    }

    // --- every number that was sent can be seen ---
    for (const cell of document.querySelectorAll("main td [data-at]")) {
      if (!cell.checkVisibility() || !cell.getClientRects().length) wrong.push(`sent and not seen: ${name(cell)}`);
    }

    // --- nothing over anything else ---
    const boxes = [...document.querySelectorAll("td > *, button, summary, a.button, input, .switch label")]
      .filter((element) => seen(element) && element.type !== "range" && !element.matches(".switch input, td > svg"))
      .map((element) => ({ element, rect: element.getBoundingClientRect(), slack: 0.6 }))
      .filter(({ element, rect }) => rect.width > 1 && rect.height > 1 && !underMore(element, rect));
    const lines = texts
      .filter(({ element }) => !element.closest("td, button, summary, a.button, label, #panel-frame, #panel-edges"))
      .map(({ element, rect, size }) => {
        const middle = rect.top + rect.height / 2;
        return { element, slack: 0.6, rect: { left: rect.left, right: rect.right, top: middle - 0.36 * size, bottom: middle + 0.3 * size } };
      });
    const things = [...boxes, ...lines].sort((one, other) => one.rect.left - other.rect.left);
    const layer = (element) => { // what sticks to the screen lies over what scrolls below it
      for (let outer = element; outer; outer = outer.parentElement) {
        if (/sticky|fixed/.test(getComputedStyle(outer).position)) return outer;
      }
      return null;
    };
    const layers = new Map(things.map(({ element }) => [element, rules.desk ? null : layer(element)]));
    things.forEach((one, index) => {
      for (const other of things.slice(index + 1)) {
        if (other.rect.left > one.rect.right - one.slack) break;
        if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
        if (layers.get(one.element) !== layers.get(other.element)) continue;
        const across = Math.min(one.rect.right, other.rect.right) - Math.max(one.rect.left, other.rect.left);
        const down = Math.min(one.rect.bottom, other.rect.bottom) - Math.max(one.rect.top, other.rect.top);
        if (across > one.slack && down > one.slack) {
          wrong.push(`one over the other by ${round(across)} × ${round(down)} px: ${name(one.element)} and ${name(other.element)}`);
        }
      }
    });

    // --- the contrast of text ---
    const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const known = new Map();
    function colour(css) { // any CSS colour as [red, green, blue, alpha]
      if (!known.has(css)) {
        paint.clearRect(0, 0, 1, 1);
        paint.fillStyle = css;
        paint.fillRect(0, 0, 1, 1);
        known.set(css, [...paint.getImageData(0, 0, 1, 1).data]);
      }
      return known.get(css);
    }
    function light([red, green, blue]) {
      const [r, g, b] = [red, green, blue].map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    }
    function behind(element) {
      for (let outer = element; outer; outer = outer.parentElement) {
        const found = colour(getComputedStyle(outer).backgroundColor);
        if (found[3] > 250) return found;
      }
      return [255, 255, 255, 255];
    }
    for (const { element } of texts) {
      const style = getComputedStyle(element);
      const ink = colour(element.closest("svg") ? style.fill : style.color);
      const [high, low] = [light(ink), light(behind(element))].sort((one, other) => other - one);
      const contrast = (high + 0.05) / (low + 0.05);
      if (contrast < 7) wrong.push(`contrast ${round(contrast)}: ${name(element)}`);
    }

    // --- what a finger has to hit ---
    if (rules.touch) {
      const NARROW = "#panel-linear, #panel-logits, #panel-image, #panel-source, #panel-window, #panel-kernel, #panel-output";
      const least = (element) => (width < 360 && element.closest(NARROW) ? 36 : rules.touch);
      const acts = "button, summary, a, input:not([type=radio], [type=checkbox], [type=range]), .switch label, label:has([type=checkbox])";
      for (const element of document.querySelectorAll(acts)) {
        if (!seen(element) || element.closest("p, pre")) continue;
        const rect = element.getBoundingClientRect();
        if (!rect.width || (rect.width >= least(element) - 0.1 && rect.height >= rules.touch - 0.1)) continue;
        wrong.push(`hard to touch, ${round(rect.width)} × ${round(rect.height)} px: ${name(element)}`);
      }
      for (const cell of document.querySelectorAll("main td > :is(b, i, s)[data-at]")) {
        if (!seen(cell) || cell.closest("#panel-softmax")) continue;
        const rect = cell.closest("td").getBoundingClientRect();
        if (rect.width < least(cell) - 0.1 || rect.height < rules.touch - 0.1) {
          wrong.push(`hard to touch, ${round(rect.width)} × ${round(rect.height)} px: ${name(cell)}`);
        }
      }
    }
    return [...new Set(wrong)];
  }

  return faults();
}
