"""Make links that open an editor at the line of a problem, from a template of its address.

Such a link stands in pages of the preview, so only addresses of editors are taken, never one that runs a script; and
there is none for a file that is not on this disk, e.g. a template that came with the program.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from generator.diagnostics import Location

SCHEMES = (
    "cursor", "editor", "emacs", "idea", "jetbrains", "mvim", "phpstorm", "pycharm", "subl", "txmt", "vscode",
    "vscode-insiders", "vscodium", "webstorm", "windsurf", "x-bbedit", "zed",
)  # fmt: skip
WORDS = ("path", "line", "column")


def refusal(template: str) -> str:
    """Return why *template* can be no link to an editor, or nothing.

    >>> refusal("vscode://file/{path}:{line}:{column}"), refusal("vscode://file/{file}")
    ('', "'{file}' is not known; the address holds {path}, and if wanted {line} and {column}")
    >>> refusal("javascript:open('{path}')").partition(";")[0]
    "'javascript' is not the scheme of an editor"
    """
    scheme = template.partition(":")[0]
    if scheme not in SCHEMES:
        return f"'{scheme}' is not the scheme of an editor; use one of {', '.join(SCHEMES)}"
    names = re.findall(r"\{([^}]*)\}", template)
    holds = "the address holds {path}, and if wanted {line} and {column}"
    if unknown := next((name for name in names if name not in WORDS), None):
        return f"'{{{unknown}}}' is not known; {holds}"
    return "" if "path" in names else f"there is no {{path}}; {holds}"


def editor_link(template: str, root: Path, at: Location) -> str:
    """Return the address that opens the file at the place *at* below *root*, or nothing where there is no such file."""
    place = root.resolve() / at.path
    if not template or not place.is_file():
        return ""
    path = place.as_posix()
    if re.search(r"(?<!/)(/|///)\{path\}", template):  # else 'file/{path}' would name the host of a network share
        path = path.removeprefix("/")
    values = {"path": path, "line": str(at.line or 1), "column": str(at.column or 1)}
    return re.sub(r"\{(\w+)\}", lambda found: quote(values[found[1]]), template)
