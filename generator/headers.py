"""The security headers that every page is sent with, by the preview as by the host.

``Strict-Transport-Security`` is missing on purpose: it belongs to the council's own domain and would lock editors out
of everything else on 127.0.0.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PICTURE_STYLE = "sha256-2ErSbKzMnS40l52+uBG+KVt1u9eXMHV1YQCewH4xwrs="
"""The one style that is allowed inside a file: it brings the font of a picture that is opened on its own.

It stands in the one policy for all files, because hosts differ in what they send where two of their rules fit.
"""
CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; script-src 'self'; style-src 'self' '{PICTURE_STYLE}'; img-src 'self'; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

SECURITY_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }
)
