// Mask painter, what needs no state: elements, places, and the cells between two.
// mask_painter.js follows in the same module.

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
const copied = (cells) => cells.map((row) => [...row]);
const highest = (cells) => Math.max(...cells.map((row) => Math.max(...row)));

/** What the keys do; with several labels, which digit takes which. */
function helpFor(labels) {
  if (labels.length < 2) return HELP;
  return `${HELP} The digits 1 to ${labels.length} take a label.`;
}

/** Every cell on the straight way between two, so that a fast stroke has no gaps. */
function between([row, col], [toRow, toCol]) {
  const steps = Math.max(Math.abs(toRow - row), Math.abs(toCol - col), 1);
  return Array.from({ length: steps + 1 }, (_, k) => [
    Math.round(row + ((toRow - row) * k) / steps),
    Math.round(col + ((toCol - col) * k) / steps),
  ]);
}

