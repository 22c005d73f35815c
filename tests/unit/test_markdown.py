"""Pages become parts of HTML and named holes; mistakes are placed to the column."""

from __future__ import annotations

import pytest

from generator.diagnostics import Location, Severity
from generator.markdown import (
    BlockPart,
    LinkPart,
    Page,
    parse_page,
)
from generator.paths import SourcePath
from generator.roles import ValuePart
from tests.conftest import page

PATH = SourcePath("content/a.md")
FIRST = 5
"""The line where the body begins."""


def parsed(body: str) -> Page:
    """Return a page whose body has no problems."""
    found = parse_page(PATH, page(body))
    assert found.problems == ()
    return found.value


def problems(body: str) -> list[tuple[str, int, int]]:
    """Return code, line of the body and column of every problem."""
    return [(p.code, p.at.line - FIRST + 1, p.at.column) for p in parse_page(PATH, page(body)).problems]


def html(body: str) -> str:
    """Return the HTML with a bullet for every hole."""
    return "".join(part if isinstance(part, str) else "•" for part in parsed(body).parts)


@pytest.mark.parametrize(
    ("source", "url", "kind"),
    [
        ("content/index.md", "/", "home"),
        ("content/a/index.md", "/a/", "section"),
        ("content/a/b.md", "/a/b/", "page"),
    ],
)
def test_place_of_a_page_suggests_its_kind(source: str, url: str, kind: str) -> None:
    found = parse_page(SourcePath(source), page()).value
    assert (found.url, found.front.kind) == (url, kind)


@pytest.mark.parametrize(
    "written", ["<script>alert(1)</script>", "<b onclick=x>y</b>", "&lt;script&gt;", "<!-- a -->", "<a href='x'>"]
)
def test_raw_html_is_shown_and_never_run(written: str) -> None:
    assert "<" not in html(f"{written}\n").replace("<p>", "").replace("</p>", "")


def test_null_characters_cannot_pretend_to_be_holes() -> None:
    assert parsed("a\x000\x00b [x](b.md)\n").parts[1:2] == (LinkPart("b.md", Location(PATH, FIRST, 7, 9)),)


def test_page_knows_its_links_values_and_blocks_in_their_order() -> None:
    body = "[a](b.md) {value}`d: c[k=v]`\n\n```table\nid: t\n```\n\n![x](y.png)\n"
    parts = [part for part in parsed(body).parts if not isinstance(part, str)]
    assert [type(part) for part in parts] == [LinkPart, ValuePart, BlockPart, LinkPart]
    assert [(part.at.line - FIRST + 1, part.at.column) for part in parts] == [(1, 1), (1, 11), (3, 1), (7, 1)]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("text **bold [x](ftp://y)**\n", (1, 13)),
        ("one\ntwo [x](ftp://y)\n", (2, 5)),
        ("> quoted\n> and [x](ftp://y)\n", (2, 7)),
        ("- a\n  - b [x](ftp://y)\n", (2, 7)),
        ("| a | b |\n|---|---|\n| c | [x](ftp://y) |\n", (3, 7)),
        ("## Head [x](ftp://y)\n", (1, 9)),
        ("Note[^1]\n\n[^1]: See [x](ftp://y)\n", (3, 11)),
        ("Term\n: What [x](ftp://y)\n", (2, 8)),
        (":::note\nA [x](ftp://y)\n:::\n", (2, 3)),
        ("Setext [x](ftp://y)\n---\n", (1, 8)),
        ("<ftp://y>\n", (1, 1)),
    ],
    ids=["emphasis", "second line", "quote", "list", "table", "heading", "footnote", "definition", "callout", "setext",
         "autolink"],
)  # fmt: skip
def test_bad_link_is_found_to_the_column(body: str, place: tuple[int, int]) -> None:
    assert problems(body) == [("bad-link", *place)]


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"]
)
def test_link_with_a_dangerous_scheme_is_refused(target: str) -> None:
    assert problems(f"[x]({target})\n") == [("bad-link", 1, 1)]


@pytest.mark.parametrize("target", ["//elsewhere.example/", "\\\\elsewhere\\x", ""])
def test_link_that_leaves_the_site_in_silence_is_refused(target: str) -> None:
    assert problems(f"[x](<{target}>)\n") in ([("bad-link", 1, 1)], [])
    assert problems("[x](//elsewhere.example/)\n") == [("bad-link", 1, 1)]


@pytest.mark.parametrize("target", ["https://a.example/", "mailto:a@b.example", "tel:+44", "b.md", "#here", "/a/"])
def test_other_links_wait_for_the_site(target: str) -> None:
    assert [part.target for part in parsed(f"[x]({target})\n").parts if isinstance(part, LinkPart)] == [target]


def test_only_links_that_leave_the_site_are_marked() -> None:
    assert html("[x](https://a.example/)\n") == '<p><a href="•" rel="external">x</a></p>\n'
    assert html("[x](b.md)\n") == '<p><a href="•">x</a></p>\n'


def test_picture_has_its_text_alternative_escaped() -> None:
    assert html('![a "b" <c>](x.png)\n') == '<p><img src="•" alt="a &#34;b&#34; &lt;c&gt;" loading="lazy"></p>\n'


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("![](x.png)", "missing-alt"),
        ("![ ](x.png)", "missing-alt"),
        ("![a](https://b.example/x.png)", "bad-link"),
        ("![a](/x.png)", "bad-link"),
        ("![a](data:image/png;base64,AA)", "bad-link"),
    ],
)
def test_picture_needs_an_alternative_and_a_file_beside_the_page(body: str, code: str) -> None:
    assert problems(body) == [(code, 1, 1)]


def test_headings_have_anchors_of_their_own() -> None:
    found = parsed("## Spend & save\n\n## Spend & save\n\n### £\n\n### €\n\n## Spend & save-2\n").headings
    assert [heading.id for heading in found] == [
        "spend-and-save",
        "spend-and-save-2",
        "section",
        "section-2",
        "spend-and-save-2-2",
    ]
    assert [heading.level for heading in found] == [2, 2, 3, 3, 2]


@pytest.mark.parametrize(
    ("body", "place"),
    [("# One\n", (1, 1)), ("### Three\n", (1, 1)), ("## Two\n\n#### Four\n", (3, 1)), ("One\n===\n", (1, 1))],
    ids=["first", "skipped at the start", "skipped", "underlined"],
)
def test_heading_out_of_order_is_reported(body: str, place: tuple[int, int]) -> None:
    assert problems(body) == [("heading-order", *place)]


def test_headings_may_step_back_by_any_number() -> None:
    assert problems("## A\n\n### B\n\n#### C\n\n## D\n") == []


@pytest.mark.parametrize(
    ("kind", "title"), [("note", "Note"), ("caution", "Please note"), ("example", "Example"), ("note Mind <b>", "")]
)
def test_callout_has_a_title(kind: str, title: str) -> None:
    shown = title or "Mind &lt;b&gt;"
    name = kind.partition(" ")[0]
    assert html(f":::{kind}\nText.\n:::\n") == (
        f'<aside class="callout callout-{name}"><p class="callout-title">{shown}</p>\n<p>Text.</p>\n</aside>\n'
    )


def test_alignment_of_a_table_is_a_class_since_inline_style_is_forbidden() -> None:
    found = html("| a | b |\n|:--|--:|\n| 1 | 2 |\n")
    assert "style=" not in found
    assert '<td class="right">2</td>' in found


def test_table_can_be_scrolled_by_keyboard() -> None:
    found = html("|a|\n|-|\n|b|\n\nand\n\n|c|\n|-|\n|d|\n")
    for number in (1, 2):
        label = f'aria-label="Table {number} in the text"'
        assert found.count(f'<div class="table-scroll" role="region" {label} tabindex="0"><table>') == 1
    assert found.count('<th scope="col">') == found.count("<th") - found.count("<thead") == 2


def test_code_is_escaped() -> None:
    assert html("```html\n<b>&\n```\n") == '<pre tabindex="0"><code>&lt;b&gt;&amp;\n</code></pre>\n'


def test_block_with_a_slip_in_its_name_is_a_warning_and_code() -> None:
    found = parse_page(PATH, page("```chrat\nid: x\n```\n"))
    assert [(p.code, p.severity, p.hint) for p in found.problems] == [
        ("unknown-block", Severity.WARNING, "did you mean 'chart'?")
    ]
    assert found.value.parts == ('<pre tabindex="0"><code>id: x\n</code></pre>\n',)


def test_yaml_of_a_block_knows_its_lines_in_the_file() -> None:
    assert problems("Text\n\n```chart\nid: a\nid: b\n```\n") == [("yaml-duplicate-key", 5, 1)]
    block = next(part for part in parsed("\n```chart\nid: a\n```\n").parts if isinstance(part, BlockPart))
    assert block.table.entries["id"].node.at.line == FIRST + 2


def test_columns_in_an_indented_block_are_those_of_the_file() -> None:
    """A block inside a list is indented; the parser hands its lines over without their indent."""
    assert problems("- item\n\n  ```chart\n  id: a\n  id: b\n  ```\n")[0][1:2] == (5,)


def test_unknown_role_is_reported_and_its_text_kept() -> None:
    found = parse_page(PATH, page("{vlaue}`a <b>`\n"))
    assert [(p.code, p.hint) for p in found.problems] == [("unknown-role", "did you mean 'value'?")]
    assert "a &lt;b&gt;" in "".join(part for part in found.value.parts if isinstance(part, str))


def test_values_in_one_row_of_a_table_keep_their_places_apart() -> None:
    parts = parsed("| a | b |\n|---|---|\n| {value}`d: c[k=1]` | {value}`d: c[k=2]` |\n").parts
    places = [part.at for part in parts if isinstance(part, ValuePart)]
    assert len(set(places)) == 2


def test_bad_link_in_a_footnote_is_found_to_the_column() -> None:
    assert problems("One[^1].\n\nLast.\n\n[^1]: see [x](ftp://y)\n") == [("bad-link", 5, 11)]


def test_footnote_has_one_form() -> None:
    assert "footnote" not in html("One^[two]\n")


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_line_ends_do_not_move_the_places(newline: str) -> None:
    text = page("One.\n\ntwo [x](ftp://y)\n").replace("\n", newline)
    assert [(p.at.line, p.at.column) for p in parse_page(PATH, text).problems] == [(FIRST + 2, 5)]


def test_value_torn_by_the_bar_of_a_table_is_reported() -> None:
    assert problems("| a | b |\n|---|---|\n| {value}`d: c | million` | x |\n") != []


def test_digest_follows_the_text() -> None:
    assert parsed("a").digest == parsed("a").digest != parsed("b").digest
