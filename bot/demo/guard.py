"""Who may talk to the demo's server: pages that it served itself, on this machine. Nobody else, nothing framed.

A page of a foreign site can send requests here; its Origin tells. One whose name was made to point at this machine
(DNS rebinding) is told by its Host.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_NAMES = ("127.0.0.1", "localhost", "[::1]")
_REFUSED = "Diese Adresse gehört nicht zur Demo. / This address does not belong to the demo.\n"


@web.middleware
async def refuse_strangers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer only what was asked by the demo's own address, and by nobody else's page."""
    hosts = {f"{name}:{_port_of(request)}" for name in _NAMES}
    headers = request.headers
    host, origin = headers.getall("Host", []), headers.getall("Origin", [])
    ours = {f"http://{name}" for name in hosts}
    elsewhere = headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
    if elsewhere and headers.get("Sec-Fetch-Mode") == "navigate" and request.method == "GET":
        elsewhere = False  # somebody followed a link to the demo
    if len(host) != 1 or host[0].lower() not in hosts or elsewhere or any(one not in ours for one in origin):
        return web.Response(status=403, text=_REFUSED)
    return await handler(request)


@web.middleware
async def ignore_hang_ups(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Take it calmly when whoever asks goes away in the middle of it, as a bot does that is killed."""
    try:
        return await handler(request)
    except ConnectionResetError:
        return web.Response(status=499)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Let the browser do nothing with an answer but what the page needs."""
    here = f"127.0.0.1:{_port_of(request)} localhost:{_port_of(request)}".split()
    response.headers.update(
        {
            "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; "
            f"connect-src 'self' {' '.join(f'ws://{host}' for host in here)}; object-src 'none'; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-cache",
        }
    )


def _port_of(request: web.Request) -> int:
    """The port that this request came in by."""
    transport = request.transport
    return int(transport.get_extra_info("sockname")[1]) if transport else 0
