// Keys pressed in a widget stay in it.
//
// JupyterLab takes single keys for the notebook wherever no text is edited: in a menu
// of a widget an arrow would go to the next cell, "m" would make this one Markdown, and
// "d" twice would delete it. Keys with Ctrl, Alt or Meta are still JupyterLab's.

function outermost(el) {
  const above = el.parentElement && el.parentElement.closest(".jupyter-widgets");
  return above ? outermost(above) : el;
}

function keep(event) {
  if (!event.ctrlKey && !event.altKey && !event.metaKey) event.stopPropagation();
}

function render({ el }) {
  let frame = 0;
  const settle = () => {
    if (!el.isConnected) frame = requestAnimationFrame(settle);
    else outermost(el).addEventListener("keydown", keep);
  };
  el.style.display = "none";
  settle();
  return () => cancelAnimationFrame(frame);
}

export default { render };
