"""The public page of a certificate: bilingual, without scripts; nothing of it is kept or found."""

import base64
import datetime as dt
import hashlib
from collections.abc import Callable
from html import escape

from domain.certifying.verification import Verified

STYLE = """
body { margin: 0; background: #f4f4f2; color: #1a1a1a; font: 1rem/1.6 system-ui, sans-serif; }
main { max-width: 26rem; margin: 3rem auto; padding: 2rem; background: #fff;
  border-top: 0.4rem solid #8a8a8a; }
main.valid { border-color: #1b7f4b; }
h1 { margin: 0 0 1.5rem; font-size: 1.5rem; line-height: 1.4; }
small { display: block; color: #5c5c5c; font-size: 0.8rem; font-weight: normal; }
dl { margin: 0; } dt { margin-top: 1rem; } dd { margin: 0; font-size: 1.2rem; }
"""
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_INVALID = """<main>
<h1>此离校单无效<small lang="en">This certificate of clearance is not valid.</small></h1>
<p>请向持有人索取新开具的离校单。<small lang="en">Ask its holder for a new one.</small></p>
</main>"""


def told(found: Verified | None, moment: Callable[[dt.datetime], str]) -> str:
    """The page for a valid certificate, or for whatever else was asked for."""
    return f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>离校单核验 · Certificate of Clearance</title>
<style>{STYLE}</style>
</head>
<body>
{_valid(found, moment) if found else _INVALID}
</body>
</html>
"""


def _valid(found: Verified, moment: Callable[[dt.datetime], str]) -> str:
    lines = (
        ("姓名", "Name", found.name),
        ("学号", "Student number", found.number or "—"),
        ("生效时间", "Valid since", moment(found.since)),
    )
    listed = "\n".join(
        f'<dt>{chinese}<small lang="en">{english}</small></dt><dd>{escape(value)}</dd>'
        for chinese, english, value in lines
    )
    return f"""<main class="valid">
<h1>此离校单有效<small lang="en">This certificate of clearance is valid.</small></h1>
<dl>
{listed}
</dl>
</main>"""
