"""The headers of every answer: what a browser may do with our pages."""

from typing import Final

#: Nothing from elsewhere, no script at all, no framing: the pages are text and one style sheet.
# With "no-referrer" browsers send our own forms with Origin: null, which a foreign page may do too.
HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
