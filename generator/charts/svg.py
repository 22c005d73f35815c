"""Draw charts: from specifications to SVG and PNG in worker processes, remembered by what decides them.

vl-convert is kept at arm's length, because after an exception its next conversion in the same process fails as well,
and because it holds Python's lock while it works.  Identifiers in its output come from a counter of the process, so
they are renamed before anything is remembered.
"""

from __future__ import annotations

import contextlib
import json
import re
import xml.etree.ElementTree as ET
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, as_completed
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

from markupsafe import Markup, escape

from generator.charts.fills import patterned
from generator.charts.poster import Words, poster
from generator.charts.theme import VARIANTS
from generator.charts.workers import Workers
from generator.diagnostics import Location
from generator.digest import Digest, digest, digest_of
from generator.memo import Store

FORMAT = "2"
"""Raised when the treatment of drawings below changes."""
SCALE = 2.0
"""Dots of an image for each CSS pixel, so that it is sharp on paper and on fine screens."""
VIEWER = "export default vegaEmbed;"
"""What the program for exploring charts gives to the page that asks for it."""
NOBODY = "nobody"
"""Stands in the ids of a picture for the figure and variant that show it."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One chart to be drawn at one width."""

    figure: str
    variant: str
    request: Digest
    """Digest of what the specification is made from."""
    specify: Callable[[], dict[str, Any]]
    """Makes the specification; called only if it is not remembered."""
    at: Location
    words: Words | None = None
    """What stands around the drawing in the image that readers may take away; none is made without."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """All drawings of a build, by figure and variant, and how they came about."""

    pictures: Mapping[tuple[str, str], str]
    specifications: Mapping[tuple[str, str], str]
    images: Mapping[str, bytes]
    """PNG by figure."""
    viewer: str
    """The program that readers may ask for, to explore a chart; empty if it was not wanted."""
    failures: Mapping[tuple[str, str], str]
    """What went wrong, in words, for drawings that could not be made."""
    drawn: int
    """How many different pictures were made."""
    remembered: int
    """How many drawings needed none: their picture was known, or is that of another."""


def draw(
    drawings: Sequence[Drawing],
    store: Store,
    fonts: Mapping[str, bytes],
    *,
    workers: Workers | None = None,
    with_viewer: bool = False,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Drawn:
    """Return the SVG of every drawing; *fonts* are font files by name."""
    versions = digest(
        FORMAT, version("vl-convert-python"), *(part for name in sorted(fonts) for part in (name, fonts[name]))
    )
    pictures: dict[tuple[str, str], str] = {}
    specifications: dict[tuple[str, str], str] = {}
    images: dict[str, bytes] = {}
    failures: dict[tuple[str, str], str] = {}
    alike: dict[Digest, list[Drawing]] = {}  # what is made from the same is the same picture
    for drawing in drawings:
        alike.setdefault(drawing.request, []).append(drawing)
    known = {request: _recall(same, versions, store) for request, same in alike.items()}
    wanted = [request for request, found in known.items() if not found.svg or found.missing]
    viewer_key = digest("viewer", VIEWER, version("vl-convert-python"))
    viewer = (store.recall(viewer_key) or "") if with_viewer else ""

    def jobs_of() -> Iterator[_Job]:
        for request in wanted:
            found = known[request]
            if not found.spec:
                made = alike[request][0].specify()
                if _points_outside(made):
                    yield _Job("", "", ())
                    continue
                spec = json.dumps(made, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
                store.remember(digest("specification", request), spec)
                found = known[request] = _recall(alike[request], versions, store, spec)
            yield _Job(found.spec, found.svg, found.missing)

    made_viewer, results = _draw_all(
        jobs_of(), len(wanted), fonts, workers or Workers(), on_progress, with_viewer=with_viewer and not viewer
    )
    if made_viewer:
        store.remember(viewer_key, made_viewer)
    fresh = sum(not known[request].svg for request in wanted)
    for request, result in zip(wanted, results, strict=True):
        if result.problem:
            failures |= {(drawing.figure, drawing.variant): result.problem for drawing in alike.pop(request)}
        else:
            known[request] = _keep(result, known[request], versions, store)
    for request, same in alike.items():
        for drawing in same:
            place = (drawing.figure, drawing.variant)
            specifications[place] = known[request].spec
            pictures[place] = named(known[request].svg, f"{drawing.figure}-{drawing.variant}")
            if drawing.words:
                images[drawing.figure] = known[request].images[drawing.words]
    return Drawn(pictures, specifications, images, made_viewer or viewer, failures, fresh, len(drawings) - fresh)


@dataclass(frozen=True, slots=True)
class _Known:
    """What there is of a picture, with nobody's name on it, and its images by the words around it."""

    spec: str
    svg: str
    images: Mapping[Words, bytes]
    missing: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class _Job:
    """What a worker needs for one picture."""

    spec: str
    """Empty if it was refused."""
    svg: str
    """The picture, if it is remembered and only images are missing."""
    words: tuple[Words, ...]
    """An image is made with each of them."""


@dataclass(frozen=True, slots=True)
class _Made:
    """What a worker gives back."""

    svg: str = ""
    images: tuple[bytes, ...] = ()
    problem: str = ""


def _recall(same: Sequence[Drawing], versions: Digest, store: Store, spec: str = "") -> _Known:
    """Return what is remembered of the picture that some drawings share; *spec* if it was made just now."""
    spec = spec or store.recall(digest("specification", same[0].request)) or ""
    svg = (store.recall(digest("svg", versions, spec)) or "") if spec else ""
    images: dict[Words, bytes] = {}
    wanted = dict.fromkeys(drawing.words for drawing in same if drawing.words)
    for words in wanted if svg else ():
        image = store.recall(_image_key(versions, svg, words))
        if image is not None:
            images[words] = b64decode(image)
    return _Known(spec, svg, images, tuple(words for words in wanted if words not in images))


def _keep(made: _Made, known: _Known, versions: Digest, store: Store) -> _Known:
    """Remember what a worker made, beside what was known."""
    if not known.svg:
        store.remember(digest("svg", versions, known.spec), made.svg)
    images = dict(zip(known.missing, made.images, strict=True))
    for words, image in images.items():
        store.remember(_image_key(versions, made.svg, words), b64encode(image).decode())
    return replace(known, svg=made.svg, images={**known.images, **images}, missing=())


def _image_key(versions: Digest, svg: str, words: Words) -> Digest:
    return digest("png", versions, str(SCALE), poster(svg, words))


def _points_outside(spec: object) -> bool:
    """Tell whether a specification has a key that makes the drawing program fetch or link something."""
    if isinstance(spec, dict):
        return any(key in ("url", "href") or _points_outside(value) for key, value in spec.items())
    return isinstance(spec, list) and any(map(_points_outside, spec))


def _draw_all(
    work: Iterator[_Job],
    count: int,
    fonts: Mapping[str, bytes],
    workers: Workers,
    on_progress: Callable[[int, int], None],
    *,
    with_viewer: bool,
) -> tuple[str, list[_Made]]:
    """Draw *count* jobs in worker processes while the next one is made here; the results are in the order of *work*."""
    if not count and not with_viewer:
        return "", []
    results = [_Made()] * count
    with workers.pool(count, fonts) as pool:
        waiting = {pool.submit(_draw, job): n for n, job in enumerate(work)}
        viewer = pool.submit(_bundle) if with_viewer else None
        for done, future in enumerate(as_completed(waiting), 1):
            try:
                results[waiting[future]] = future.result()
            except BrokenExecutor:
                results[waiting[future]] = _Made(problem="the drawing program stopped")
            on_progress(done, count)
        stopped = any(made.problem for made in results)  # by a chart, which is told; the viewer alone is our bug
        return viewer.result() if viewer and not stopped else "", results


def _bundle() -> str:
    """Return Vega, Vega-Lite and vega-embed as one module without imports."""
    import vl_convert

    return str(vl_convert.javascript_bundle(VIEWER))


def _draw(job: _Job) -> _Made:
    """Make the picture, unless it is there, and the images of what readers may take away."""
    import vl_convert

    svg = job.svg
    if not svg and not job.spec:
        return _Made(problem="a specification must not point to anything outside itself")
    if not svg:
        found, problem = _convert(job.spec)
        problem = problem or ("" if count_marks(found) else "it has no marks: no value could be drawn")
        if problem:
            return _Made(problem=problem)
        svg = tidy(found)
    try:
        posters = [poster(svg, words) for words in job.words]
        return _Made(svg, tuple(packed(vl_convert.svg_to_png(made, scale=SCALE)) for made in posters))
    except Exception as error:
        return _Made(problem=" ".join(str(error).split())[:300])


def packed(png: bytes) -> bytes:
    """Compress the pixels of a PNG again: vl-convert does it fast, which makes files three times as large."""
    head, pixels, at = png[:8], b"", 8
    while at < len(png):
        size, kind = int.from_bytes(png[at : at + 4]), png[at + 4 : at + 8]
        if kind == b"IDAT":
            pixels += png[at + 8 : at + 8 + size]
        elif kind != b"IEND":
            head += png[at : at + 12 + size]
        at += 12 + size
    return head + _chunk(b"IDAT", zlib.compress(zlib.decompress(pixels))) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def _convert(spec: str) -> tuple[str, str]:
    """Return the SVG, or an empty text and what went wrong."""
    import vl_convert

    try:
        return vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]), ""
    except Exception as error:
        with contextlib.suppress(Exception):  # the next one fails with the same error: spend it on nothing
            vl_convert.vegalite_to_svg({"mark": "point", "data": {"values": [{}]}})
        return "", " ".join(str(error).split())[:300]


def count_marks(svg: str) -> int:
    """Count the shapes that carry data, as opposed to axes and legends."""
    root = ET.fromstring(svg)  # noqa: S314 - see the import
    groups = [g for g in root.iter("{http://www.w3.org/2000/svg}g") if "role-mark" in g.get("class", "").split()]
    shapes = {f"{{http://www.w3.org/2000/svg}}{name}" for name in ("path", "line", "rect", "circle")}
    return sum(1 for group in groups for child in group.iter() if child.tag in shapes)


_ID = re.compile(r'\bid="([^"]+)"')
_NOISE = re.compile(
    r' (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*"|aria-hidden="true"|pointer-events="none"|opacity="1"'
    r'|version="1\.1"|xmlns:xlink="[^"]*")'
)
_EMPTY = re.compile(r'<path class="(?:foreground|background)"[^>]*/>')


def tidy(svg: str) -> str:
    """Number ids, below a name that `named` replaces, and leave out what only a script would need."""
    names = {name: f"{NOBODY}-{n}" for n, name in enumerate(dict.fromkeys(_ID.findall(svg)), 1)}
    for old, new in names.items():
        svg = svg.replace(f'id="{old}"', f'id="{new}"').replace(f"url(#{old})", f"url(#{new})")
    svg = _EMPTY.sub("", _NOISE.sub("", svg))
    return patterned(re.sub(r' class="mark-[^"]*"', "", svg), NOBODY)


def named(svg: str, prefix: str) -> str:
    """Rename the ids of a tidy picture to ``<figure>-<variant>-<n>``, so that a page can hold it twice.

    >>> named('<g clip-path="url(#nobody-1)"><path id="nobody-1"/></g>', "visits-wide")
    '<g clip-path="url(#visits-wide-1)"><path id="visits-wide-1"/></g>'
    """
    return svg.replace(f'id="{NOBODY}-', f'id="{prefix}-').replace(f"url(#{NOBODY}-", f"url(#{prefix}-")


def name(svg: str, description: str) -> Markup:
    """Make the drawing one image whose name for assistive technology is its text alternative.

    The title is read above it and the figures in the table below, so the words inside are not read.

    >>> name('<svg class="marks" width="9"><g></g></svg>', 'Bars of "x".')
    Markup('<svg role="img" aria-label="Bars of &#34;x&#34;." width="9"><g aria-hidden="true"></g></svg>')
    """
    names = f'role="img" aria-label="{escape(description)}"'
    made = re.sub(r'<svg ([^>]*?)class="marks"', lambda found: f"<svg {found[1]}{names}", svg, count=1)
    made = re.sub(r"<g\b", '<g aria-hidden="true"', made, count=1)
    return Markup(made)  # noqa: S704 - the drawing is ours, the text is escaped


def request_digest(data: object, variant: str, code: Digest) -> Digest:
    """Name what a specification is made from: data, width, the code of the chart package, and Altair's version."""
    return digest_of([data, variant, code, version("altair"), [v.width for v in VARIANTS]])
