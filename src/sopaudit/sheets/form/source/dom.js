// Building the page: an element with its attributes and what stands in it. Texts are set as texts,
// so that nothing a person or a handbook wrote is ever read as HTML.

export function h(tag, attributes, ...inner) {
  const node = document.createElement(tag);
  if (tag === "button") node.type = tag;
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value") node.value = value;
    else if (name === "checked") node.checked = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  put(node, inner);
  return node;
}

/** Put what there is into a node; what is false or missing is left out, lists are opened. */
export function put(node, inner) {
  node.append(...inner.flat(4).filter((one) => one || one === 0));
}

/** A field to choose one of several in, or `none` of them. */
export function select(attributes, none, ids, chosen, name = (id) => id) {
  return h("select", attributes, h("option", { value: "" }, none),
    ids.map((id) => h("option", { value: id, selected: id === chosen }, name(id))));
}

const DRAWINGS = {
  camera: "M4 8h3l2-3h6l2 3h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1zM12 10a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
  gallery: "M4 5h16a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM3.5 17l5-5 4 4 3-3 5 5M15.5 8.5h.01",
  out: "M12 15V4m0 0L8 8m4-4l4 4M5 13v6h14v-6",
  close: "M6 6l12 12M18 6L6 18",
  tick: "M5 12.5l4.5 4.5L19 7.5",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  down: "M6 9l6 6 6-6",
};

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", DRAWINGS[name]);
  svg.append(path);
  return svg;
}
