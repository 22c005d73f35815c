"""Write the files that machines look for: the sitemap, `robots.txt` and the host's list of redirects."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import escape

from generator.paths import UrlPath


def sitemap(base: str, checked: Mapping[UrlPath, str]) -> bytes:
    """List every page with the day on which it was last checked, never that of the build; *base* has no slash."""
    entries = [
        f"<url><loc>{escape(base + url)}</loc>" + (f"<lastmod>{day}</lastmod>" if day else "") + "</url>"
        for url, day in sorted(checked.items())
    ]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return (head + "\n".join(entries) + "\n</urlset>\n").encode()


def robots(base: str) -> bytes:
    """Welcome every crawler and name the sitemap."""
    return f"User-agent: *\nAllow: /\nSitemap: {base}/sitemap.xml\n".encode()


def redirects(moved: Mapping[UrlPath, UrlPath]) -> bytes:
    """Write the redirects as Netlify reads them; other hosts serve the pages that stand at the former addresses."""
    return "".join(f"{former} {url} 301\n" for former, url in sorted(moved.items())).encode()
