"""In which form a request comes, and its answer goes, as its headers say it."""

import re
from collections.abc import Iterator
from functools import lru_cache

from strawberry.http.parse_content_type import parse_content_type

from web.requests import HEADERS_KNOWN

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
HTML = "text/html"
_QUALITY = re.compile(r"[01](\.\d{0,3})?")


@lru_cache(HEADERS_KNOWN)
def is_json(content_type: str) -> bool:
    """Whether a body of this type is JSON in UTF-8."""
    media_type, parameters = _media_type(content_type)
    return media_type == JSON and parameters.get("charset", "utf-8") in {"utf-8", "utf8"}


@lru_cache(HEADERS_KNOWN)
def of_answer(accept: str, method: str) -> str | None:
    """What is wanted most of what there is; a wildcard means application/json, as the audits have
    it. None if nothing is."""
    accepted = dict(_accepted(accept))
    any_json = accepted.get("application/*", accepted.get("*/*", 0))
    of_json, of_graphql = accepted.get(JSON, any_json), accepted.get(GRAPHQL, 0)
    of_html = accepted.get(HTML, 0) if method == "GET" else 0
    for quality, media_type in ((of_html, HTML), (of_graphql, GRAPHQL), (of_json, JSON)):
        if quality and quality == max(of_html, of_graphql, of_json):
            return media_type
    return None


def _accepted(header: str) -> Iterator[tuple[str, float]]:
    for each in header.split(","):
        media_type, parameters = _media_type(each)
        if parameters.get("charset", "utf-8") in {"utf-8", "utf8"}:
            quality = parameters.get("q", "1")
            yield media_type, float(quality) if _QUALITY.fullmatch(quality) else 1


def _media_type(value: str) -> tuple[str, dict[str, str]]:
    return parse_content_type(value.strip().lower())
