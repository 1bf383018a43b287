"""The fixed parts of ``report.html``: style and text."""

from __future__ import annotations

from t4s_lib.html_page import theme_css

STYLE = (
    theme_css()
    + """
:root { --kept: light-dark(#0072b2, #56b4e9); --loss: light-dark(#d55e00, #e69f00);
  --gain: light-dark(#009e73, #2fc79a); }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: clamp(1.5rem, 5vw, 2.2rem); line-height: 1.2; margin: 0 0 1rem;
  overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 0.75rem; }
.lead { font-size: 1.15rem; }
table { border-collapse: collapse; max-width: 100%; display: block; overflow-x: auto; }
caption { text-align: left; font-weight: 600; padding: 1rem 0 0.4rem; }
th, td { padding: 0.3rem 1.1rem 0.3rem 0; border-bottom: 1px solid var(--line);
  text-align: left; vertical-align: top; }
td { font-variant-numeric: tabular-nums; }
th[scope=row] { font-weight: 400; } thead th { color: var(--soft); font-size: 0.9rem; }
tr.ours { background: var(--cell); } tr.ours th, tr.ours td { font-weight: 700; }
ul { padding-left: 1.2rem; } .beside-notes { color: var(--soft); font-size: 0.9rem; }
code, pre { font-family: ui-monospace, Menlo, "Liberation Mono", monospace;
  font-size: 0.85em; overflow-wrap: anywhere; }
svg.waterfall { width: 100%; max-width: 46rem; height: auto; font-size: 14px; }
svg text { fill: var(--ink); } svg .name { text-anchor: end; }
svg .kept { fill: var(--kept); } svg .loss { fill: none; stroke: var(--loss);
  stroke-width: 2; stroke-dasharray: 5 3; } svg .gain { fill: var(--gain); }
article { border-top: 1px solid var(--line); padding: 1rem 0; }
article h3 { margin: 0 0 0.25rem; font-size: 1.05rem; overflow-wrap: anywhere; }
article p { margin: 0 0 0.6rem; color: var(--soft); }
.three { display: grid; grid-template-columns: repeat(3, 1fr); gap: 0.75rem; }
figure { margin: 0; } figure img { width: 100%; height: auto; display: block; }
figcaption { color: var(--soft); font-size: 0.85rem; }
pre { margin: 0.5rem 0 0; padding: 0.75rem; background: var(--cell);
  white-space: pre-wrap; max-height: 20rem; overflow: auto; }
summary { cursor: pointer; }
"""
)

PAGE = """<main>
<h1>{title}</h1>
<p class="lead">{lead}</p>
<h2>Where the score is lost</h2>
{waterfall}
<h2>All figures</h2>
<p>Fractions from 0 to 1. The first column is plain: each cell a block.</p>
{table}
<h2>Beside what was published</h2>
{published}
<h2>The worst dozen, with {way}</h2>
{worst}
<h2>Bad samples</h2>
{bad}
<h2>This run</h2>
{facts}
</main>"""

SHOWN = """<article>
<h3>{expression}</h3>
<p><code>{source}</code> · IoU {iou} · parsed: {status}</p>
<div class="three">
<figure><img src="{picture}" alt="the picture"><figcaption>picture</figcaption></figure>
<figure><img src="{target}" alt="the target, bright"><figcaption>target</figcaption>
</figure>
<figure><img src="{drawn}" alt="the prediction, bright">
<figcaption>prediction</figcaption></figure>
</div>
<details><summary>text</summary><pre>{text}</pre></details>
</article>"""
