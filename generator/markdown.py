"""Parse a page: markdown with our blocks and roles, into parts of HTML and the things that other pages must supply.

Raw HTML is off.  A fenced block called ``chart``, ``table``, ``ratings``, ``records`` or ``figures`` holds YAML; a role
``{value}`` names a figure, ``{printed}`` quotes one.  Nothing is resolved here: a parsed `Page` knows nothing of
datasets or of other pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import escape
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from generator.diagnostics import Checked, Diagnostic, Location, Severity, did_you_mean
from generator.digest import Digest, digest
from generator.frontmatter import FrontMatter, read_front_matter, split_head
from generator.paths import SourcePath, UrlPath, slugify, url_for
from generator.positioned import Table, parse_yaml
from generator.prose import BLANK, Typed, find_typed
from generator.roles import ROLES, PrintedPart, ValuePart

BLOCKS = ("chart", "table", "ratings", "records", "figures")
CALLOUTS = {"note": "Note", "caution": "Please note", "example": "Example"}
MAX_PAGE, MAX_TARGET, MAX_ANCHOR = 100_000, 2_000, 200
"""Characters that a page, the target of a link and an anchor may have."""
SCHEMES = ("http:", "https:", "mailto:", "tel:")
_HOLE = re.compile("\0([0-9]+)\0")


@dataclass(frozen=True, slots=True)
class LinkPart:
    """The target of a link or image as the author wrote it; becomes an address in an attribute."""

    target: str
    at: Location
    is_image: bool = False


@dataclass(frozen=True, slots=True)
class BlockPart:
    """A fenced block of ours with its YAML."""

    kind: str
    table: Table
    at: Location


Part = str | LinkPart | ValuePart | PrintedPart | BlockPart


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the body with its anchor."""

    id: str
    text: str
    level: int
    at: Location


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page; its parts still name other things by the author's words."""

    source: SourcePath
    url: UrlPath
    front: FrontMatter
    parts: tuple[Part, ...]
    headings: tuple[Heading, ...]
    typed: tuple[tuple[Typed, Location], ...]
    """Figures of the prose that were typed by hand."""
    digest: Digest


def parse_page(source: SourcePath, text: str) -> Checked[Page]:
    """Parse the page *source*."""
    url = url_for(source)
    suggested = "home" if url == "/" else "section" if source.endswith("/index.md") else "page"
    head, body, body_line = split_head(text)
    front = read_front_matter(head, source, body_line=body_line, kind=suggested)
    problems = list(front.problems)
    if len(body) > MAX_PAGE:
        message = f"the page has {len(body):,} characters; pages have {MAX_PAGE:,} at most"
        problems.append(Diagnostic("page-too-large", message, Location(source, body_line), hint="split the page"))
        body = ""
    writing = _Writing(source, body.splitlines(), body_line, problems)
    env: MutableMapping[str, Any] = {"writing": writing}
    html = _parser().render(body, env)
    parts = _split(html, writing.holes)
    page = Page(source, url, front.value, parts, tuple(writing.headings), tuple(writing.typed), digest(text))
    return Checked(page, tuple(writing.problems))


class _Writing:
    """What one rendering collects: parts to be filled, headings and problems."""

    def __init__(self, path: str, lines: list[str], first_line: int, problems: list[Diagnostic]) -> None:
        self.path = path
        self.lines = lines
        self.first_line = first_line
        self.problems = problems
        self.holes: list[Part] = []
        self.headings: list[Heading] = []
        self.typed: list[tuple[Typed, Location]] = []
        self.anchors: dict[str, int] = {}
        """Each anchor of the headings with the last number that was put behind it."""
        self.block_line = 0
        self.tables = 0

    def hole(self, part: Part) -> str:
        self.holes.append(part)
        return f"\0{len(self.holes) - 1}\0"

    def at_line(self, token: Token) -> Location:
        """Return the line of a block token."""
        return Location(self.path, (token.map[0] if token.map else 0) + self.first_line, 1)

    def at_span(self, token: Token) -> Location:
        """Return the place of an inline token whose rule noted its span in the text of its block."""
        return self.at_part(*token.meta.get("span", (0, 1, "")))

    def at_part(self, start: int, end: int, source: str) -> Location:
        """Return the place of a part of *source*, the text of a block."""
        line = self.block_line + source.count("\n", 0, start)
        begin = source.rfind("\n", 0, start) + 1
        content = source[begin : begin + MAX_ANCHOR].partition("\n")[0]  # enough to find the indentation
        offset = start - begin
        physical = self.lines[line] if line < len(self.lines) else ""
        escaped = content.replace("|", "\\|")  # as a cell of a table writes it
        indent = max(physical.find(content), physical.find(escaped), 0)
        return Location(self.path, line + self.first_line, indent + offset + 1, max(end - start, 1))

    def problem(self, code: str, message: str, at: Location, hint: str = "") -> None:
        self.problems.append(Diagnostic(code, message, at, hint=hint))


def _split(html: str, holes: Sequence[Part]) -> tuple[Part, ...]:
    pieces = _HOLE.split(html)
    parts: list[Part] = [holes[int(piece)] if n % 2 else piece for n, piece in enumerate(pieces)]
    return tuple(part for part in parts if part != "")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """Return the parser; raw HTML is off and links are checked by us, with their place."""
    md = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable(["table", "strikethrough"])
    md.use(footnote_plugin, inline=False).use(deflist_plugin).use(myst_role_plugin)
    for name in CALLOUTS:
        md.use(container_plugin, name, render=_render_callout)
    md.validateLink = _any_link  # type: ignore[method-assign]
    for rule in ("link", "image", "autolink", "myst_role"):
        _note_spans(md, rule)
    for name, render in {
        "inline": None,
        "link_open": _render_link,
        "image": _render_image,
        "fence": _render_fence,
        "code_block": _render_code,
        "myst_role": _render_role,
        "heading_open": _render_heading,
        "table_open": _render_table_open,
        "table_close": _render_table_close,
    }.items():
        if render:
            md.add_render_rule(name, render)
    return md


def _any_link(url: str) -> bool:
    return True


def _note_spans(md: MarkdownIt, name: str) -> None:
    """Wrap an inline rule so that the tokens it makes know where in their block they stand."""
    rules = md.inline.ruler
    original: Callable[[StateInline, bool], bool] = next(rule.fn for rule in rules.__rules__ if rule.name == name)

    def rule(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        matched = original(state, silent)
        if matched and not silent:
            for token in state.tokens[before:]:
                if token.type in ("link_open", "image", "myst_role"):
                    token.meta.setdefault("span", (start, state.pos, state.src))
        return matched

    rules.at(name, rule)


class _Renderer(RendererHTML):
    """The HTML renderer; it only remembers which block its inline tokens belong to."""

    def render(self, tokens: Sequence[Token], options: Any, env: MutableMapping[str, Any]) -> str:
        writing = env["writing"]
        html = ""
        for position, token in enumerate(tokens):
            if token.map:
                writing.block_line = token.map[0]
            if token.type == "th_open":
                token.attrSet("scope", "col")
            if align := token.attrs.pop("style", None):  # the security policy forbids inline style
                token.attrSet("class", str(align).removeprefix("text-align:"))
            if token.type == "inline":
                _check_torn(writing, token)
                writing.typed += _typed(writing, token)
                html += self.renderInline(token.children or [], options, env)
            elif token.type in self.rules:
                html += self.rules[token.type](tokens, position, options, env)
            else:
                html += self.renderToken(tokens, position, options, env)
        return html


def _typed(writing: _Writing, token: Token) -> Iterator[tuple[Typed, Location]]:
    """Yield the figures that were typed in the words of a block; what a role or code holds was not."""
    text, starts, cursor = "", [], 0
    for child in token.children or ():
        words = child.content if child.type in ("text", "image") else "\n" if child.type.endswith("break") else ""
        words = words or (BLANK if child.type in ("code_inline", "myst_role") else "")
        if words and words != BLANK:  # where a piece stands: escapes make it differ from the source now and then
            cursor = max(token.content.find(words, cursor), cursor)
        starts.append((len(text), cursor))
        text += words
        cursor += len(words) if words != BLANK else len(child.content)
    for typed in find_typed(text):
        begin, place = max(pair for pair in starts if pair[0] <= typed.start)
        place = max(token.content.find(typed.text, place + typed.start - begin), place + typed.start - begin)
        yield typed, writing.at_part(place, place + len(typed.text), token.content)


def _check_torn(writing: _Writing, token: Token) -> None:
    """Report a value that was torn apart: in a table, a bar ends the cell."""
    for child in token.children or ():
        if child.type == "text" and ("{value}`" in child.content or "{printed}`" in child.content):
            at = Location(writing.path, writing.block_line + writing.first_line, 1)
            hint = "close it with a backtick; in a table write '\\|' instead of '|'"
            writing.problem("bad-value-reference", "a figure in this line has no end", at, hint)


def _render_link(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    writing, token = env["writing"], tokens[index]
    at = writing.at_span(token)
    target = _check_target(writing, str(token.attrGet("href") or ""), at)
    outside = ' rel="external"' if target.startswith(("http:", "https:")) else ""
    return f'<a href="{writing.hole(LinkPart(target, at))}"{outside}>'


def _render_image(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    writing, token = env["writing"], tokens[index]
    at = writing.at_span(token)
    target, alt = _check_length(writing, str(token.attrGet("src") or ""), at), token.content
    if not alt.strip():
        hint = "write what the picture says between the square brackets: ![Bar chart of …](picture.png)"
        writing.problem("missing-alt", f"the picture '{target}' has no text alternative", at, hint)
    if ":" in target or target.startswith(("/", "\\")):
        writing.problem("bad-link", f"the picture '{target}' is not a file beside this page", at, "put the file here")
    return f'<img src="{writing.hole(LinkPart(target, at, is_image=True))}" alt="{escape(alt)}" loading="lazy">'


def _check_length(writing: _Writing, target: str, at: Location) -> str:
    """Return *target* unless it is too long; one definition may be used by thousands of links."""
    if len(target) <= MAX_TARGET:
        return target
    message = f"this link has {len(target):,} characters; addresses have {MAX_TARGET:,} at most"
    writing.problem("bad-link", message, at, "use a shorter address")
    return "#"


def _check_target(writing: _Writing, target: str, at: Location) -> str:
    """Return the target of a link; report where it must not lead."""
    target = _check_length(writing, target, at)
    scheme = re.match(r"[a-z][a-z0-9+.-]*:", target.strip().casefold())
    if target.startswith(("//", "\\")) or "\\" in target:
        writing.problem("bad-link", f"the link '{target}' leaves the site without saying how", at, "write https://…")
    elif scheme and scheme[0] not in SCHEMES:
        writing.problem(
            "bad-link", f"links that begin with '{scheme[0]}' are not allowed", at, "use https:// or a page"
        )
    elif not target:
        writing.problem("bad-link", "this link has no target", at, "write the address in the round brackets")
    return target


def _render_fence(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    writing, token = env["writing"], tokens[index]
    kind = token.info.strip()
    if kind in BLOCKS:
        parsed = parse_yaml(token.content, writing.path, first_line=writing.at_line(token).line + 1)
        if parsed.problems:
            writing.problems.extend(parsed.problems)
            return ""
        return str(writing.hole(BlockPart(kind, parsed.value, writing.at_line(token))))
    if near := did_you_mean(kind, BLOCKS):
        at = writing.at_line(token)
        message = f"'{kind}' is no block of ours and is shown as code"
        writing.problems.append(Diagnostic("unknown-block", message, at, Severity.WARNING, near))
    return _render_code(self, tokens, index, options, env)


def _render_code(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """Show text as it is typed; long lines scroll sideways, by the keyboard too."""
    return f'<pre tabindex="0"><code>{escape(tokens[index].content)}</code></pre>\n'


def _render_role(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    writing, token = env["writing"], tokens[index]
    at, name = writing.at_span(token), token.meta["name"]
    if name not in ROLES:
        hint = did_you_mean(name, ROLES) or f"roles are: {', '.join(f'{{{role}}}' for role in ROLES)}"
        writing.problem("unknown-role", f"there is no role '{name}'", at, hint)
        return str(escape(token.content))
    part = ROLES[name](token.content, at)
    if isinstance(part, Diagnostic):
        writing.problems.append(part)
        return ""
    return str(writing.hole(part))


def _render_heading(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    writing, token = env["writing"], tokens[index]
    level = int(token.tag[1])
    text = "".join(child.content for child in tokens[index + 1].children or ())
    at = writing.at_line(token)
    if any(child.type == "myst_role" for child in tokens[index + 1].children or ()):
        message = "a figure cannot be bound in a heading: the address of the heading would change with it"
        writing.problem("figure-in-heading", message, at, "say it in the text below")
    before = writing.headings[-1].level if writing.headings else 1
    if level == 1:
        hint = "begin with '##': the title in the front matter is the first-level heading"
        writing.problem("heading-order", "a page has one first-level heading, its title", at, hint)
    elif level > before + 1:
        hint = f"use {'#' * (before + 1)}"
        writing.problem("heading-order", f"this heading skips from level {before} to {level}", at, hint)
    anchor = slugify(text)[:MAX_ANCHOR].strip("-") or "section"
    unique = anchor
    while unique in writing.anchors:
        writing.anchors[anchor] += 1
        unique = f"{anchor}-{writing.anchors[anchor]}"
    writing.anchors[unique] = 1
    writing.headings.append(Heading(unique, text, level, at))
    return f'<{token.tag} id="{unique}">'


def _render_table_open(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    writing = env["writing"]
    writing.tables += 1
    label = f"Table {writing.tables} in the text"
    return f'<div class="table-scroll" role="region" aria-label="{label}" tabindex="0"><table>\n'


def _render_table_close(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return "</table></div>\n"


def _render_callout(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    if token.nesting != 1:
        return "</aside>\n"
    name, _, title = token.info.strip().partition(" ")
    title = title.strip() or CALLOUTS[name]
    env["writing"].typed += [(typed, env["writing"].at_line(token)) for typed in find_typed(title)]
    return f'<aside class="callout callout-{name}"><p class="callout-title">{escape(title)}</p>\n'
