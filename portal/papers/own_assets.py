"""What a paper may load while it is laid out: the pictures written into it. Imported by the printing process alone."""

import base64
import binascii

from weasyprint.urls import URLFetcher, URLFetcherResponse

PICTURE_PREFIXES = (
    "data:image/svg+xml;base64,",
    "data:image/png;base64,",
    "data:image/jpeg;base64,",
)
PICTURE_LIMIT = 400_000  # characters of one inline picture


class NamedAssetsOnly(URLFetcher):
    """Serves pictures written into the page itself; any other address ends that paper.

    Faces come through fontconfig and the stylesheet is parsed at start, so a page asks for nothing else.
    """

    def __init__(self) -> None:
        """An address that is not served ends the sheet instead of leaving a hole in it."""
        super().__init__(fail_on_errors=True, allow_redirects=False)

    def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
        """The bytes of an inline picture; ValueError for every other address."""
        for prefix in PICTURE_PREFIXES:
            if url.startswith(prefix) and len(url) <= PICTURE_LIMIT:
                try:
                    body = base64.b64decode(url[len(prefix) :], validate=True)
                except binascii.Error as exc:
                    raise ValueError("broken inline picture") from exc
                return URLFetcherResponse(url, body, {"Content-Type": prefix[5:-8]})
        raise ValueError("address not served to papers")
