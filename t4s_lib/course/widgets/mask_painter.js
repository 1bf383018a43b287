// Mask painter: cells to paint by mouse, pen, finger or keyboard.
//
// The model holds `cells` (rows of 0, and k for the k-th label), `rows`, `cols`, the
// palette `labels`, the `active` one (from 1), the `picture` below and its `aspect`.
// A stroke is sent cell by cell, so that Python's text follows the hand.

const LOOKS = "change:active change:picture change:aspect";

class Painter {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.cursor = [0, 0];
    this.paints = true; // false: erases
    this.stroke = null; // the last cell of the stroke in progress
    this.cells = copied(model.get("cells"));
    this.history = [];
    this.build();
    this.listen();
    this.draw();
  }

  build() {
    const button = (words) => element("button", { type: "button" }, words);
    this.brush = button("Brush");
    this.eraser = button("Eraser");
    this.undoButton = button("Undo");
    this.clearButton = button("Clear");
    this.board = element("div", {
      class: "t4s-board",
      tabindex: "0",
      role: "application",
      "aria-roledescription": "mask painter",
    });
    this.palette = new Palette(this.model, () => this.take(true));
    this.help = element("div", { class: "t4s-help" });
    this.status = element("div", { class: "t4s-status", role: "status" });
    this.fault = element("div", { class: "t4s-fault", role: "alert" });
    this.el.classList.add("t4s-painter");
    this.el.setAttribute("data-lm-suppress-shortcuts", "true");
    const tools = [this.brush, this.eraser, this.undoButton, this.clearButton];
    this.el.replaceChildren(
      element("div", { class: "t4s-tools" }, ...tools),
      this.palette.el,
      this.board,
      this.status,
      this.help,
      this.fault,
    );
  }

  listen() {
    const on = (target, name, act) => target.addEventListener(name, this.guarded(act));
    on(this.brush, "click", () => this.take(true));
    on(this.eraser, "click", () => this.take(false));
    on(this.palette.el, "click", (event) => this.palette.click(event));
    on(this.undoButton, "click", () => this.undo());
    on(this.clearButton, "click", () => this.clear());
    on(this.board, "pointerdown", (event) => this.begin(event));
    on(this.board, "pointermove", (event) => this.follow(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      on(this.board, end, () => (this.stroke = null));
    }
    on(this.el, "keydown", (event) => this.press(event));
    this.onCells = this.guarded(() => this.receive());
    this.onLook = this.guarded(() => this.draw());
    this.onLabels = this.guarded(() => this.relabel());
    this.model.on("change:cells", this.onCells);
    this.model.on("change:labels", this.onLabels);
    this.model.on(LOOKS, this.onLook);
  }

  stop() {
    this.model.off("change:cells", this.onCells);
    this.model.off("change:labels", this.onLabels);
    this.model.off(LOOKS, this.onLook);
  }

  /** What goes wrong is shown in the widget, and thrown on to the console. */
  guarded(act) {
    return (event) => {
      try {
        return act(event);
      } catch (error) {
        this.fault.textContent = `The painter failed: ${error.message}`;
        throw error;
      }
    };
  }

  draw() {
    const [rows, cols] = [this.model.get("rows"), this.model.get("cols")];
    const picture = this.model.get("picture");
    while (this.board.childElementCount < rows * cols) {
      this.board.append(element("span"));
    }
    this.board.style.setProperty("--rows", rows);
    this.board.style.setProperty("--cols", cols);
    this.board.style.aspectRatio = this.model.get("aspect");
    this.board.style.backgroundImage = picture ? `url("${picture}")` : "none";
    this.board.classList.toggle("t4s-pictured", Boolean(picture));
    [...this.board.children].forEach((span, k) => {
      const [row, col] = [Math.floor(k / cols), k % cols];
      const held = this.cells[row][col];
      const isCursor = row === this.cursor[0] && col === this.cursor[1];
      span.className = held ? `t4s-on t4s-label-${held}` : "";
      span.classList.toggle("t4s-cursor", isCursor);
    });
    this.palette.draw(this.paints);
    const help = (this.help.textContent = helpFor(this.palette.names));
    this.board.setAttribute("aria-label", `Cells to paint. ${help}`);
    this.brush.setAttribute("aria-pressed", String(this.paints));
    this.eraser.setAttribute("aria-pressed", String(!this.paints));
    this.undoButton.disabled = this.history.length === 0;
    this.say();
  }

  say() {
    const [row, col] = this.cursor;
    const held = ["others", ...this.palette.names][this.cells[row][col]];
    this.status.textContent = `row ${row}, column ${col}, ${held}`;
  }

  take(paints) {
    this.paints = paints;
    this.draw();
  }

  remember() {
    this.history.push(copied(this.cells));
    this.history.splice(0, this.history.length - 200);
  }

  send() {
    this.draw();
    this.model.set("cells", copied(this.cells));
    this.model.save_changes();
  }

  /** Cells set by Python: a step that can be undone like any other. */
  receive() {
    const cells = this.model.get("cells");
    if (same(cells, this.cells)) return;
    this.remember();
    this.cells = copied(cells);
    this.draw();
  }

  /** Labels set by Python; what was painted with one that is gone is forgotten. */
  relabel() {
    const count = this.palette.names.length;
    this.history = this.history.filter((cells) => highest(cells) <= count);
    this.draw();
  }

  undo() {
    if (this.history.length === 0) return;
    this.cells = this.history.pop();
    this.send();
    if (this.undoButton.disabled) this.board.focus();
  }

  clear() {
    this.remember();
    this.cells = this.cells.map((row) => row.map(() => 0));
    this.send();
  }

  /** What a stroke leaves behind it. */
  value() {
    return this.paints ? this.model.get("active") : 0;
  }

  fill(places, value) {
    for (const [row, col] of places) this.cells[row][col] = value;
    this.cursor = places[places.length - 1];
    this.send();
  }

  at(event) {
    const box = this.board.getBoundingClientRect();
    const part = (at, from, length, count) =>
      clip(Math.floor(((at - from) / length) * count), count);
    return [
      part(event.clientY, box.top, box.height, this.model.get("rows")),
      part(event.clientX, box.left, box.width, this.model.get("cols")),
    ];
  }

  begin(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.board.focus({ preventScroll: true });
    this.board.setPointerCapture(event.pointerId);
    this.remember();
    this.stroke = this.at(event);
    this.fill([this.stroke], this.value());
  }

  follow(event) {
    if (!this.stroke || same(this.at(event), this.stroke)) return;
    const way = between(this.stroke, this.at(event));
    this.stroke = this.at(event);
    this.fill(way, this.value());
  }

  press(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      this.undo();
    } else if (event.target !== this.board || event.ctrlKey || event.metaKey) {
      return; // a button's own keys, and the browser's
    } else if (KEYS[event.key]) {
      this.move(KEYS[event.key], event.shiftKey);
    } else if (event.key === " " || event.key === "Enter") {
      this.remember();
      const [row, col] = this.cursor;
      const active = this.model.get("active");
      this.fill([this.cursor], this.cells[row][col] === active ? 0 : active);
    } else if (["p", "e"].includes(event.key.toLowerCase())) {
      this.take(event.key.toLowerCase() === "p");
    } else if (!this.palette.take(Number(event.key))) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  move([down, right], draws) {
    const from = this.cursor;
    this.cursor = [
      clip(from[0] + down, this.model.get("rows")),
      clip(from[1] + right, this.model.get("cols")),
    ];
    if (!draws) return this.draw();
    this.remember();
    this.fill([from, this.cursor], this.value());
  }
}

function render({ model, el }) {
  try {
    const painter = new Painter(model, el);
    return () => painter.stop();
  } catch (error) {
    el.replaceChildren(`The painter could not be shown: ${error.message}`);
    throw error;
  }
}

export default { render };
