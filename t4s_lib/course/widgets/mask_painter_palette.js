/** The labels to paint with: a button for each; none where there is only one. */
class Palette {
  constructor(model, taken) {
    this.model = model;
    this.taken = taken; // told when a label is taken into the brush
    this.el = element("div", {
      class: "t4s-tools t4s-palette", role: "group", "aria-label": "Labels to paint",
    });
  }

  get names() {
    return this.model.get("labels").map((name) => name || "target");
  }

  draw(paints) {
    const names = this.names;
    const count = names.length > 1 ? names.length : 0;
    while (this.el.childElementCount > count) this.el.lastChild.remove();
    while (this.el.childElementCount < count) this.add();
    [...this.el.children].forEach((button, k) => {
      const isTaken = paints && this.model.get("active") === k + 1;
      button.lastChild.textContent = `${k + 1} ${names[k]}`;
      button.setAttribute("aria-pressed", String(isTaken));
    });
  }

  add() {
    const number = this.el.childElementCount + 1;
    const swatch = element("span", { class: `t4s-swatch t4s-label-${number}` });
    this.el.append(element("button", { type: "button" }, swatch, element("span")));
  }

  /** The button in which something was clicked, if it was in one. */
  click(event) {
    const button = event.target.closest("button");
    if (button) this.take([...this.el.children].indexOf(button) + 1);
  }

  /** Take a label into the brush; false where there is none of that number. */
  take(number) {
    if (!this.el.children[number - 1]) return false;
    this.model.set("active", number);
    this.model.save_changes();
    this.taken();
    return true;
  }
}

