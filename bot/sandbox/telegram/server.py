"""The HTTP side: routes, token check, faults, the record of calls."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from bot.sandbox.faults import Call, Fault, Faults
from bot.sandbox.telegram.errors import BotApiError, too_many_requests
from bot.sandbox.telegram.methods import METHODS
from bot.sandbox.telegram.params import MAX_UPLOAD, Params, read_params
from bot.sandbox.telegram.webhook import Webhook
from bot.sandbox.telegram.world import World

Answer = tuple[Any, str]
WELL_FORMED = re.compile(r"[1-9]\d{0,9}:[\w:-]{1,69}")
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
# An upload and the rest of its request.
MAX_REQUEST = MAX_UPLOAD + 1024 * 1024


class Server:
    """Serves the Bot API for one bot.

    Attributes:
        calls: Every call with the bot's token, oldest first, with its answer.
        faults: What goes wrong on purpose.
    """

    def __init__(self, world: World, token: str, delay_scale: float = 1.0) -> None:
        self._world = world
        self._token = token
        self.calls: list[Call] = []
        self.faults = Faults()
        self._at_hand: list[web.Request] = []
        self.webhook = Webhook(world, self._execute_quietly, delay_scale)
        world.queue.on_update = self.webhook.wake

    def attach(self, app: web.Application, prefix: str) -> None:
        """Add the routes to an application, which then also closes this server down."""
        app.router.add_route("*", prefix + "/bot{token:[^/]*}/{method:[^/]+}", self._serve_method)
        app.router.add_get(prefix + "/file/bot{token:[^/]*}/{path:.+}", self._serve_file)
        app.router.add_route("*", prefix + "/{rest:.*}", self._serve_nothing)
        app.on_shutdown.append(self._on_shutdown)

    async def close(self) -> None:
        """End the held poll and the webhook's task."""
        self._world.queue.release()
        await self.webhook.close()

    def cut(self) -> None:
        """Cut the connection of every call that waits for its answer, a held poll among them."""
        for request in self._at_hand:
            if request.transport is not None:
                request.transport.abort()

    async def _on_shutdown(self, _: web.Application) -> None:
        await self.close()

    async def execute(self, method: str, params: Params) -> Answer:
        """Run a method; the second part is a text for beside the result, mostly empty.

        Raises:
            BotApiError: The method refuses, or there is no such method.
        """
        match method.lower():
            case "getupdates":
                if self.webhook.url:
                    raise BotApiError(409, WEBHOOK_ACTIVE)
                return await self._world.queue.get(params), ""
            case "setwebhook":
                return await self.webhook.set(params)
            case "deletewebhook":
                drop = {"drop_pending_updates": params.text("drop_pending_updates")}
                return await self.webhook.set(Params(drop))
            case "getwebhookinfo":
                return self.webhook.info(), ""
            case name if name in METHODS:
                return METHODS[name](self._world, params), ""
        raise BotApiError(404, "method not found")  # telegram-bot-api Client.cpp, on_cmd

    async def _execute_quietly(self, method: str, params: Params) -> None:
        call = self._record(method, params)
        _, call.status, call.answer = await self._answer(method, params)
        self._world.changed("call", call=call)

    async def _answer(self, method: str, params: Params) -> tuple[dict[str, str], int, dict[str, Any]]:
        """Headers, status and body; the status is the error code (telegram-bot-api HttpConnection.cpp)."""
        try:
            result, description = await self.execute(method, params)
        except BotApiError as error:
            wait = error.parameters.get("retry_after")
            return {"Retry-After": str(wait)} if wait else {}, error.code, error.envelope()
        body: dict[str, Any] = {"ok": True, "result": result}
        return {}, 200, body | ({"description": description} if description else {})

    def _record(self, method: str, params: Params) -> Call:
        call = Call(method, params.recorded(), self._world.clock.monotonic())
        self.calls.append(call)
        self._world.changed("call", call=call)
        return call

    def _check_token(self, request: web.Request) -> None:
        """Refuse a foreign token (telegram-bot-api ClientManager.cpp; Client.cpp, get_closing_error)."""
        token = request.match_info["token"]
        if WELL_FORMED.fullmatch(token) is None:
            raise BotApiError(401, "invalid token specified")
        if token != self._token:
            raise BotApiError(401, "")

    async def _serve_method(self, request: web.Request) -> web.StreamResponse:
        self._at_hand.append(request)
        try:
            return await self._serve(request)
        finally:
            self._at_hand.remove(request)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        try:
            self._check_token(request)
            params = await read_params(request)
        except BotApiError as error:
            return web.json_response(error.envelope(), status=error.code)
        method = request.match_info["method"]
        call = self._record(method, params)
        fault = self.faults.take(method, params.text("chat_id") or None)
        if fault is not None and fault.moment == "before":
            broken = await self._break(fault)
            if fault.kind == "stall" and request.transport is None:  # who hung up meanwhile is not served
                broken = {}, 0, {}
            if broken is not None:
                return self._finish(request, call, *broken)
        answer = await self._answer(method, params)
        if fault is not None and fault.moment == "after":
            answer = await self._break(fault) or answer
        return self._finish(request, call, *answer)

    async def _break(self, fault: Fault) -> tuple[dict[str, str], int, dict[str, Any]] | None:
        """What a fault answers; status 0 for a dropped connection, None when the call only took longer."""
        match fault.kind:
            case "stall":
                await fault.stalled(self._world.clock)
                return None
            case "drop":
                return {}, 0, {}
            case "429":
                error = too_many_requests(fault.retry_after)
                return {"Retry-After": str(fault.retry_after)}, 429, error.envelope()
            case "5xx":
                return {}, 500, BotApiError(500, "Internal Server Error").envelope()

    def _finish(
        self, request: web.Request, call: Call, headers: dict[str, str], status: int, body: dict[str, Any]
    ) -> web.StreamResponse:
        call.status, call.answer = status, body
        self._world.changed("call", call=call)
        if status == 0:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        return web.json_response(body, status=status, headers=headers)

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        try:
            self._check_token(request)
        except BotApiError as error:
            return web.json_response(error.envelope(), status=error.code)
        path = request.match_info["path"]
        file = next((file for file in self._world.files.values() if file.path == path), None)
        if file is None:
            return await self._serve_nothing(request)
        return web.Response(body=file.data, content_type="application/octet-stream")

    async def _serve_nothing(self, _: web.Request) -> web.StreamResponse:
        return web.json_response(BotApiError(404, "").envelope(), status=404)  # ClientManager.cpp
