"""The fixed parts of the course's pages: style, frame, and the lesson template.

No part asks for anything over the network, except two that a page can do without:
the widget manager, which redraws a widget's last state, and MathJax, which sets
formulas. Both are loaded after the page stands, and only where a page has widgets
or formulas.
"""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --ink: #1d2228; --soft: #5a636e; --line: #dcd9d1;
  --link: #00598c; --cell: #e9e6de; --mark: #d55e00; --card: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --ink: #e6e8ea; --soft: #a4adb7; --line: #333a42;
    --link: #7cc4f5; --cell: #262c33; --mark: #e69f00; --card: #1b2026;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", "Liberation Sans",
    sans-serif;
}
main { max-width: 52rem; margin: 0 auto; padding: 3rem 1.25rem 4rem; }
h1 { font-size: clamp(1.8rem, 6vw, 2.7rem); line-height: 1.15; margin: 0 0 1.25rem;
  letter-spacing: -0.02em; text-wrap: balance; }
h2 { font-size: 1.3rem; margin: 3rem 0 0.75rem; }
p { margin: 0 0 0.75rem; }
a { color: var(--link); text-underline-offset: 0.15em; }
a:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
code, pre { font-family: ui-monospace, "Cascadia Mono", Menlo, "Liberation Mono",
  monospace; font-size: 0.9em; }
:not(pre) > code { background: var(--cell); padding: 0.1em 0.35em;
  border-radius: 0.25em; }
.lead { max-width: 42rem; }
figure { display: flex; flex-wrap: wrap; align-items: center; gap: 1.25rem 2rem;
  margin: 2rem 0; padding: 1.25rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 0.6rem; }
figure svg { flex: 0 0 auto; width: 11rem; height: auto; }
figure pre { flex: 1 1 16rem; margin: 0; overflow-x: auto; line-height: 1.45; }
figcaption { flex: 1 0 100%; color: var(--soft); font-size: 0.95rem; }
.off { fill: var(--cell); } .on { fill: var(--mark); }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-size: 0.875rem; font-weight: 600; color: var(--soft); }
th, td { padding: 0.8rem 0.75rem 0.8rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
th:last-child, td:last-child { text-align: right; padding-right: 0;
  white-space: nowrap; font-variant-numeric: tabular-nums; }
td:first-child { color: var(--soft); font-variant-numeric: tabular-nums; }
td .title { display: block; font-weight: 600; font-size: 1.1rem; }
td .fault { display: block; margin-top: 0.5rem; padding: 0.5rem 0.75rem;
  border-left: 4px solid var(--mark); background: var(--cell);
  font-size: 0.9rem; overflow-wrap: anywhere; white-space: pre-wrap; }
pre.run { padding: 0.9rem 1.1rem; background: var(--card); overflow-x: auto;
  border: 1px solid var(--line); border-radius: 0.6rem; }
footer { margin-top: 3rem; color: var(--soft); font-size: 0.95rem; }
"""

INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<div class="lead">
<p>A picture and an expression go in; a language model writes a text; the text is
the mask. There is no mask decoder: segmentation becomes text generation.</p>
<p>A mask is cut into a grid of 16 by 16, each cell gets a label, and equal labels in a
row are written as one run. The lessons take that apart, step by step, and you write
the steps yourself.</p>
<p>Everything runs on a laptop without a GPU and without a download.</p>
</div>
<figure>
{picture}
<pre>{text}</pre>
<figcaption>{caption}</figcaption>
</figure>
<h2 id="lessons">Lessons</h2>
<table aria-labelledby="lessons">
<thead><tr><th scope="col">No.</th><th scope="col">Lesson</th>
<th scope="col">Time</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
<h2>Do it yourself</h2>
<p>These pages show the lessons as they were executed. Sliders, drawing and checks
come alive in JupyterLab:</p>
<pre class="run"><code>jupyter lab notebooks</code></pre>
<footer>
<p>Time is what the computer took to execute the lesson, not what you take to read
it. Executed in profile <code>{profile}</code> with t4s-lib {version}; made by
<code>t4s course --profile {profile}</code>.</p>
</footer>
</main>
</body>
</html>
"""

ROW = """<tr><td>{number}</td><td>{title} {summary}{fault}</td><td>{time}</td></tr>"""

WIDGET_NOTE = (
    '<p class="t4s-note">This is a widget. To use it, open <code>{name}</code> '
    "in JupyterLab and run it there.</p>"
)

LESSON = """
{%- extends 'index.html.j2' -%}
{%- block html_head_js_requirejs -%}{%- endblock -%}
{%- block jupyter_widgets -%}{%- endblock -%}
{%- block html_head_js_mathjax -%}
{%- if resources.t4s.formulas -%}
<script type="text/x-mathjax-config">
MathJax.Hub.Config({messageStyle: "none",
  tex2jax: {inlineMath: [["$", "$"], ["\\\\(", "\\\\)"]], processEscapes: true}});
</script>
<script async src="{{ resources.mathjax_url }}"></script>
{%- endif -%}
{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
{%- block html_head_css -%}
<style>
@media (prefers-color-scheme: dark) {
{{ resources.t4s.dark }}
.jp-RenderedHTMLCommon img { background: #fff; }
}
body.jp-Notebook { max-width: 60rem; margin: 0 auto; padding: 1rem;
  height: auto; overflow: visible; }
.t4s-nav { display: flex; flex-wrap: wrap; justify-content: space-between;
  gap: 0.25rem 2rem; padding: 0.5rem; }
.t4s-nav, .t4s-note { color: var(--jp-content-font-color1);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
.t4s-nav a { color: var(--jp-content-link-color); }
.t4s-note { border-left: 4px solid #d55e00; padding: 0.25rem 0.75rem; }
.jp-RenderedHTMLCommon img { max-width: 100%; height: auto; }
@media (max-width: 40rem) { .jp-InputPrompt, .jp-OutputPrompt { display: none; } }
</style>
{%- endblock -%}
{%- block body_header -%}
{{ super() }}
{{ resources.t4s.nav }}
{%- endblock -%}
{%- block body_footer -%}
{{ resources.t4s.nav }}
{{ super() }}
{%- endblock -%}
{%- block footer_js -%}
{%- if resources.t4s.widgets -%}
<script>
addEventListener("load", function () {
  if (!navigator.onLine) { return; }
  function add(address, then) {
    var script = document.createElement("script");
    script.src = address;
    script.onload = then;
    document.body.appendChild(script);
  }
  add("{{ resources.t4s.require }}", function () {
    add("{{ resources.t4s.manager }}");
  });
});
</script>
{%- endif -%}
{%- endblock -%}
"""
