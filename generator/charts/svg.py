"""Draw charts: from specifications to SVG and PNG in worker processes, remembered by what decides them.

vl-convert is kept at arm's length, because after an exception its next conversion in the same process fails as well,
and because it holds Python's lock while it works.  Identifiers in its output come from a counter of the process, so
they are renamed before anything is remembered.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
import xml.etree.ElementTree as ET
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from generator.charts.fills import patterned
from generator.charts.poster import Words, poster
from generator.charts.theme import VARIANTS
from generator.diagnostics import Location
from generator.digest import Digest, digest, digest_of
from generator.memo import Store

FORMAT = "2"
"""Raised when the treatment of drawings below changes."""
SCALE = 2.0
"""Dots of an image for each CSS pixel, so that it is sharp on paper and on fine screens."""
POOL_FROM = 20
"""Missing drawings from which a second process is worth its start (about 0.9 s each)."""


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
    failures: Mapping[tuple[str, str], str]
    """What went wrong, in words, for drawings that could not be made."""
    drawn: int
    remembered: int


def draw(
    drawings: Sequence[Drawing],
    store: Store,
    fonts: Mapping[str, bytes],
    *,
    jobs: int = 0,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Drawn:
    """Return the SVG of every drawing; *fonts* are font files by name, *jobs* 0 means as many as there are cores."""
    versions = digest(
        FORMAT, version("vl-convert-python"), *(part for name in sorted(fonts) for part in (name, fonts[name]))
    )
    pictures: dict[tuple[str, str], str] = {}
    specifications: dict[tuple[str, str], str] = {}
    images: dict[str, bytes] = {}
    failures: dict[tuple[str, str], str] = {}
    missing: list[tuple[Drawing, Digest, _Job]] = []
    for drawing in drawings:
        place = (drawing.figure, drawing.variant)
        spec = store.recall(digest("specification", drawing.request))
        if spec is None:
            made = drawing.specify()
            if _points_outside(made):
                failures[place] = "a specification must not point to anything outside itself"
                continue
            spec = json.dumps(made, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            store.remember(digest("specification", drawing.request), spec)
        specifications[place] = spec
        prefix = f"{drawing.figure}-{drawing.variant}"
        key = digest("svg", versions, prefix, spec)
        svg = store.recall(key)
        image = store.recall(_image_key(versions, svg, drawing.words)) if svg and drawing.words else None
        if svg is None or (drawing.words and image is None):
            missing.append((drawing, key, _Job(spec, svg or "", prefix, drawing.words)))
        else:
            pictures[place] = svg
            if image is not None:
                images[drawing.figure] = b64decode(image)
    fresh = sum(not job.svg for _, _, job in missing)
    results = _draw_all([job for _, _, job in missing], fonts, jobs, on_progress)
    for (drawing, key, _), made_of in zip(missing, results, strict=True):
        place = (drawing.figure, drawing.variant)
        if made_of.problem:
            failures[place] = made_of.problem
            continue
        pictures[place] = made_of.svg
        store.remember(key, made_of.svg)
        if drawing.words:
            images[drawing.figure] = made_of.image
            image_key = _image_key(versions, made_of.svg, drawing.words)
            store.remember(image_key, b64encode(made_of.image).decode())
    return Drawn(pictures, specifications, images, failures, fresh, len(drawings) - fresh)


@dataclass(frozen=True, slots=True)
class _Job:
    """What a worker needs for one drawing."""

    spec: str
    svg: str
    """The drawing, if it is remembered and only its image is missing."""
    prefix: str
    words: Words | None


@dataclass(frozen=True, slots=True)
class _Made:
    """What a worker gives back."""

    svg: str = ""
    image: bytes = b""
    problem: str = ""


def _image_key(versions: Digest, svg: str, words: Words) -> Digest:
    return digest("png", versions, str(SCALE), poster(svg, words))


def _points_outside(spec: object) -> bool:
    """Tell whether a specification has a key that makes the drawing program fetch or link something."""
    if isinstance(spec, dict):
        return any(key in ("url", "href") or _points_outside(value) for key, value in spec.items())
    return isinstance(spec, list) and any(map(_points_outside, spec))


def _draw_all(
    work: Sequence[_Job], fonts: Mapping[str, bytes], jobs: int, on_progress: Callable[[int, int], None]
) -> list[_Made]:
    """Draw in worker processes; the order of the results is that of *work*, whatever the number of workers."""
    if not work:
        return []
    workers = min(jobs or os.cpu_count() or 1, -(-len(work) // POOL_FROM))
    results = [_Made()] * len(work)
    with (
        tempfile.TemporaryDirectory(prefix="transparency-") as folder,
        ProcessPoolExecutor(workers, get_context("spawn"), _start_worker, (folder,)) as pool,
    ):
        for file, data in fonts.items():
            (Path(folder) / Path(file).name).write_bytes(data)
        waiting = {pool.submit(_draw, job): n for n, job in enumerate(work)}
        for done, future in enumerate(as_completed(waiting), 1):
            try:
                results[waiting[future]] = future.result()
            except BrokenProcessPool:
                results[waiting[future]] = _Made(problem="the drawing program stopped")
            on_progress(done, len(work))
    return results


def _start_worker(folder: str) -> None:
    """Give vl-convert the one font of the project; it takes folders only."""
    import vl_convert

    vl_convert.register_font_directory(folder)


def _draw(job: _Job) -> _Made:
    """Make the drawing, unless it is there, and the image of what readers may take away."""
    import vl_convert

    svg = job.svg
    if not svg:
        found, problem = _convert(job.spec)
        problem = problem or ("" if count_marks(found) else "it has no marks: no value could be drawn")
        if problem:
            return _Made(problem=problem)
        svg = tidy(found, job.prefix)
    try:
        return _Made(svg, packed(vl_convert.svg_to_png(poster(svg, job.words), scale=SCALE)) if job.words else b"")
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


def tidy(svg: str, prefix: str) -> str:
    """Rename ids to ``<figure>-<variant>-<n>`` and leave out what only a script would need."""
    names = {name: f"{prefix}-{n}" for n, name in enumerate(dict.fromkeys(_ID.findall(svg)), 1)}
    for old, new in names.items():
        svg = svg.replace(f'id="{old}"', f'id="{new}"').replace(f"url(#{old})", f"url(#{new})")
    svg = _EMPTY.sub("", _NOISE.sub("", svg))
    return patterned(re.sub(r' class="mark-[^"]*"', "", svg), prefix)


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
