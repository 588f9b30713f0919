"""What is served besides the chats themselves: the page's own files, and pictures and documents from the chats."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.world import SandboxWorld

STATIC = Path(__file__).parent / "static"

_PICTURES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
}
"""What a browser may show; everything else is only ever stored, whatever it may call itself."""


def add_files(app: web.Application, world: Callable[[], SandboxWorld | None]) -> None:
    """Add the routes; what ``world`` returns is asked for files of the chats."""

    async def of_slack(request: web.Request) -> web.Response:
        platforms = world()
        file = platforms.slack.world.workspace.files.get(request.match_info["id"]) if platforms else None
        if file is None or not file.complete:
            raise web.HTTPNotFound
        return _served(file.content, file.name)

    async def of_telegram(request: web.Request) -> web.Response:
        platforms = world()
        file = platforms.telegram.world.files.get(request.match_info["id"]) if platforms else None
        if file is None:
            raise web.HTTPNotFound
        return _served(file.data, file.name or file.path.rpartition("/")[2])

    async def index(_: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "index.html")

    async def icon(_: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "icon.svg")

    app.router.add_get("/files/slack/{id}/{name}", of_slack)
    app.router.add_get("/files/telegram/{id}/{name}", of_telegram)
    app.router.add_get("/", index)
    app.router.add_get("/icon.svg", icon)
    for folder in ("js", "style", "vendor"):
        app.router.add_static(f"/{folder}", STATIC / folder)


def _served(content: bytes, name: str) -> web.Response:
    picture = _PICTURES.get(name.rpartition(".")[2].lower())
    how = "inline" if picture else "attachment"
    return web.Response(
        body=content,
        content_type=picture or "application/octet-stream",
        headers={"Content-Disposition": f"{how}; filename*=UTF-8''{quote(name, safe='')}"},
    )
