"""The callbacks of WebSub hubs: they ask whether we meant it, and tell that a feed has news.

Not of the API that people use: the address is unguessable and is all that a hub needs to know.
"""

import asyncio

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from service import websub
from service.house import House
from service.web.refusal import TooLargeError

SIGNATURE = "x-hub-signature"


def router(house: House) -> APIRouter:
    """Return the two routes of a callback."""
    routes = APIRouter()
    limit_bytes = house.settings.fetch.max_bytes

    @routes.get(websub.PATH + "{token}")
    def asked(request: Request, token: str) -> Response:
        """Echo the challenge of what we asked for; 404 for anything else (WebSub §5.3.1)."""
        said = websub.answer(house, token, websub.Question.read(request.query_params))
        if said is None:
            return PlainTextResponse("nothing of the kind was asked for", status_code=404)
        return PlainTextResponse(said)

    @routes.post(websub.PATH + "{token}")
    async def told(request: Request, token: str) -> Response:
        """Take in that there is news: 202 whoever says so, 410 when nobody is subscribed (§7)."""
        body = await _body(request, limit_bytes)
        signature = request.headers.get(SIGNATURE)
        is_known = await asyncio.to_thread(
            websub.hear, house, token, signature=signature, body=body
        )
        return Response(status_code=202 if is_known else 410)

    return routes


async def _body(request: Request, limit_bytes: int) -> bytes:
    """Read the body, which the signature covers whole, within a bound."""
    pieces = bytearray()
    async for piece in request.stream():
        pieces += piece
        if len(pieces) > limit_bytes:
            raise TooLargeError(f"a hub may send {limit_bytes:,} bytes at most")
    return bytes(pieces)
