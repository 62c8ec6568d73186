"""QR codes as pictures: medium error correction, large enough to be printed or shown on a scratched screen."""

import io
from http import HTTPStatus

import segno
from starlette.responses import Response

from api.http.problems import Problem

SVG, PNG = "image/svg+xml", "image/png"
SCALE, BORDER = 6, 4


def render(text: str, accept: str) -> Response:
    media_type = _chosen(accept)
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        picture, kind="svg" if media_type == SVG else "png", scale=SCALE, border=BORDER
    )
    return Response(
        picture.getvalue(),
        media_type=media_type,
        headers={"Cache-Control": "private, max-age=3600", "Vary": "Accept"},
    )


def _chosen(accept: str) -> str:
    offered = [part.split(";")[0].strip() for part in accept.split(",")]
    for media_type in offered:
        if media_type in (SVG, PNG):
            return media_type
        if media_type in ("*/*", "image/*", ""):
            return SVG
    raise Problem(HTTPStatus.NOT_ACCEPTABLE, "not-acceptable", f"a QR code comes as {SVG} or {PNG}")
