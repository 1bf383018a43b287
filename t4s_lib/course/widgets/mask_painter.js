// Mask painter: cells to paint by mouse, pen, finger or keyboard.
//
// The model holds `cells` (rows of 0 and 1), `rows`, `cols`, `label`, and the
// `picture` below them with its `aspect`.
// A stroke is sent cell by cell, so that Python's text follows the hand.

const [UP, DOWN, LEFT, RIGHT] = [[-1, 0], [1, 0], [0, -1], [0, 1]];
const KEYS = { ArrowUp: UP, ArrowDown: DOWN, ArrowLeft: LEFT, ArrowRight: RIGHT };
const HELP =
  "Arrow keys move, Space paints or clears the cell, Shift with an arrow draws on, " +
  "P takes the brush, E the eraser, Ctrl+Z undoes.";

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  Object.entries(attributes).forEach((pair) => made.setAttribute(...pair));
  made.append(...children);
  return made;
}

const clip = (at, count) => Math.min(count - 1, Math.max(0, at));
const same = (one, two) => JSON.stringify(one) === JSON.stringify(two);

/** Every cell on the straight way between two, so that a fast stroke has no gaps. */
function between([row, col], [toRow, toCol]) {
  const steps = Math.max(Math.abs(toRow - row), Math.abs(toCol - col), 1);
  return Array.from({ length: steps + 1 }, (_, k) => [
    Math.round(row + ((toRow - row) * k) / steps),
    Math.round(col + ((toCol - col) * k) / steps),
  ]);
}

class Painter {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.cursor = [0, 0];
    this.tool = 1; // 1 paints, 0 erases
    this.stroke = null; // the last cell of the stroke in progress
    this.cells = model.get("cells").map((row) => [...row]);
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
      "aria-label": `Cells to paint. ${HELP}`,
    });
    this.status = element("div", { class: "t4s-status", role: "status" });
    this.fault = element("div", { class: "t4s-fault", role: "alert" });
    this.el.classList.add("t4s-painter");
    this.el.setAttribute("data-lm-suppress-shortcuts", "true");
    this.el.replaceChildren(
      element("div", { class: "t4s-tools" }, this.brush, this.eraser, this.undoButton,
        this.clearButton),
      this.board,
      this.status,
      element("div", { class: "t4s-help" }, HELP),
      this.fault,
    );
  }

  listen() {
    const on = (target, name, act) => target.addEventListener(name, this.guarded(act));
    on(this.brush, "click", () => this.take(1));
    on(this.eraser, "click", () => this.take(0));
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
    this.model.on("change:cells", this.onCells);
    this.model.on("change:label change:picture change:aspect", this.onLook);
  }

  stop() {
    this.model.off("change:cells", this.onCells);
    this.model.off("change:label change:picture change:aspect", this.onLook);
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
      span.classList.toggle("t4s-on", this.cells[row][col] === 1);
      const isCursor = row === this.cursor[0] && col === this.cursor[1];
      span.classList.toggle("t4s-cursor", isCursor);
    });
    this.brush.setAttribute("aria-pressed", String(this.tool === 1));
    this.eraser.setAttribute("aria-pressed", String(this.tool === 0));
    this.undoButton.disabled = this.history.length === 0;
    this.say();
  }

  say() {
    const [row, col] = this.cursor;
    const held = this.cells[row][col] ? this.model.get("label") : "others";
    this.status.textContent = `row ${row}, column ${col}, ${held}`;
  }

  take(tool) {
    this.tool = tool;
    this.draw();
  }

  remember() {
    this.history.push(this.cells.map((row) => [...row]));
    this.history.splice(0, this.history.length - 200);
  }

  send() {
    this.draw();
    this.model.set("cells", this.cells.map((row) => [...row]));
    this.model.save_changes();
  }

  /** Cells set by Python: a step that can be undone like any other. */
  receive() {
    const cells = this.model.get("cells");
    if (same(cells, this.cells)) return;
    this.remember();
    this.cells = cells.map((row) => [...row]);
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
    this.fill([this.stroke], this.tool);
  }

  follow(event) {
    if (!this.stroke || same(this.at(event), this.stroke)) return;
    const way = between(this.stroke, this.at(event));
    this.stroke = this.at(event);
    this.fill(way, this.tool);
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
      this.fill([this.cursor], 1 - this.cells[row][col]);
    } else if (["p", "e"].includes(event.key.toLowerCase())) {
      this.take(event.key.toLowerCase() === "p" ? 1 : 0);
    } else {
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
    this.fill([from, this.cursor], this.tool);
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
