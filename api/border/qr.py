"""QR codes as pictures, to be printed or shown on a scratched screen.

They have medium error correction, and are large enough for both.
"""

import io
from enum import StrEnum

import segno
from starlette.responses import Response

from api.http.content_negotiation import accepted

SCALE, BORDER = 6, 4


class Picture(StrEnum):
    """The media types in which a QR code comes."""

    SVG = "image/svg+xml"
    PNG = "image/png"


def render(text: str, accept: str) -> Response:
    """Draws `text` as a QR code. Raises `Problem` where `accept` takes neither SVG nor PNG."""
    picture = accepted(accept, Picture, "a QR code")
    content = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    kind = "svg" if picture is Picture.SVG else "png"
    code.save(content, kind=kind, scale=SCALE, border=BORDER)
    headers = {"Cache-Control": "private, max-age=3600", "Vary": "Accept"}
    return Response(content.getvalue(), media_type=picture, headers=headers)
