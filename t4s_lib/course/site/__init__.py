"""The course as a small web site that opens without a server.

    notebook  --lesson_body-->  a lesson's HTML      (nbconvert)
    HTML      --parts-->        texts to search in
    all       --build_site-->   index.html, NN-*.html, glossary.html, assets/

Why nbconvert and not a site generator: Jupyter Book needs node and a server, the
search of MkDocs asks for its index over HTTP, and Sphinx with MyST-NB would do, for
some forty more packages. nbconvert is here already, reads every output as Jupyter
does, and leaves the frame, 300 lines of style and script, to us.
"""

from t4s_lib.course.site.build import Shown, build_site
from t4s_lib.course.site.links import broken_links
from t4s_lib.course.site.markdown import describe, inline

__all__ = ["Shown", "broken_links", "build_site", "describe", "inline"]
