// Signatures, drawn with a finger on white paper, whichever colours the page has.
import { h, icon, select } from "./dom.js";
import { pen } from "./pen.js";
import { moment, pictureId } from "./photo.js";
import { sha256 } from "./sha256.js";
import { dropPicture, keepPicture, picture } from "./store.js";

const [WIDTH, HEIGHT] = [900, 360];

export function signing(form) {
  const { state, sheet } = form;
  for (const role of ["auditor", "auditee"]) {
    const known = role === "auditor" ? sheet.auditors : sheet.auditees;
    if (!state.signs.some((one) => one.role === role)) {
      state.signs.push({ role, person: known.length === 1 ? known[0] : "", id: "", at: "", sha: "" });
    }
  }
  const list = h("div", { class: "signs" });
  const fill = () => {
    const order = (one) => (one.role === "auditor" ? 0 : 1);
    state.signs.sort((a, b) => order(a) - order(b));
    list.replaceChildren(...state.signs.map((one, n) => box(form, one, n, fill)));
  };
  fill();
  return list;
}

function box(form, one, n, fill) {
  const { sheet, state } = form;
  const everybody = one.role === "auditor" ? sheet.auditors : [...new Set([...sheet.auditees, ...sheet.leaves.flatMap((leaf) => leaf.people)])];
  const people = everybody.length ? everybody : Object.keys(sheet.people);
  const id = `sign${n}`;
  const canvas = h("canvas", { width: WIDTH, height: HEIGHT, role: "img", "aria-label": form.say("sign.draw") });
  const hint = h("span", { class: "hint", "aria-hidden": "true" }, form.say("sign.draw"));
  const pad = pen(canvas, {
    begun: () => { hint.hidden = true; },
    ended: async () => {
      const blob = await new Promise((good) => canvas.toBlob(good, "image/png"));
      const bytes = new Uint8Array(await blob.arrayBuffer());
      const old = one.id;
      const sha = await sha256(bytes);
      Object.assign(one, { id: pictureId(), at: moment(), sha });
      await keepPicture(one.id, { bytes, small: null });
      if (old) dropPicture(old);
      form.changed();
    },
  });
  if (one.id) {
    hint.hidden = true;
    picture(one.id).then((found) => {
      if (!found) return;
      const image = new Image();
      image.onload = () => { pad.paper.drawImage(image, 0, 0); URL.revokeObjectURL(image.src); };
      image.src = URL.createObjectURL(new Blob([found.bytes], { type: "image/png" }));
    });
  }
  const again = () => {
    pad.clear();
    if (one.id) dropPicture(one.id);
    Object.assign(one, { id: "", at: "", sha: "" });
    hint.hidden = false;
    form.changed();
  };
  return h("section", { class: "sign", "data-role": one.role, tabindex: "-1" },
    h("h3", {}, form.say(`title.${one.role}`)),
    h("label", { class: "person", for: id }, h("span", {}, form.say("sign.who")),
      select({ id, onchange: (event) => { one.person = event.target.value; form.changed(); } },
        form.say("form.choose"), people, one.person, form.name)),
    h("div", { class: "paper" }, canvas, hint),
    h("div", { class: "row" },
      h("button", { class: "quiet", onclick: again }, form.say("sign.again")),
      h("button", { class: "quiet", onclick: () => {
        state.signs.push({ role: one.role, person: "", id: "", at: "", sha: "" });
        fill();
      } }, icon("plus"), form.say("sign.add")),
      state.signs.filter((other) => other.role === one.role).length > 1 && h("button", { class: "quiet", onclick: () => {
        again();
        state.signs.splice(state.signs.indexOf(one), 1);
        form.changed();
        fill();
      } }, icon("close"), form.say("sign.remove"))));
}
