// Returns every panel as lines that can be compared: tags with their attributes in order, what fields hold, and texts.
() => {
  const OURS = ["data-htmx-powered", "open"]; // what htmx or the visitor adds
  function lines(element, depth) {
    const attributes = [...element.attributes]
      .filter(({ name, value }) => !OURS.includes(name) && !(name === "class" && !value.replace(/\bhtmx-\S+/g, "").trim()))
      .map(({ name, value }) => `${name}="${name === "class" ? value.replace(/\bhtmx-\S+/g, "").trim() : value}"`)
      .sort();
    if (element.matches("input")) attributes.push(`holds ${element.value} ${element.checked}`);
    const found = [`${" ".repeat(depth)}<${element.tagName} ${attributes.join(" ")}>`];
    for (const child of element.childNodes) {
      if (child.nodeType === Node.ELEMENT_NODE) found.push(...lines(child, depth + 1));
      else if (child.nodeType === Node.TEXT_NODE && child.data.trim()) found.push(" ".repeat(depth + 1) + child.data.trim());
    }
    return found;
  }
  const panels = [...document.querySelectorAll("[id^=panel-], #revision")];
  return Object.fromEntries(panels.map((panel) => [panel.id, lines(panel, 0)]));
}
