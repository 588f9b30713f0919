"""The HTTP and WebSocket front: decodes calls, plays faults, keeps the record, and hands over to the methods."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.faults import Call, Fault
from bot.sandbox.slack.api import ApiError, Args, authenticate
from bot.sandbox.slack.methods import METHODS
from bot.sandbox.slack.responses import respond
from bot.sandbox.slack.world import World

Json = dict[str, Any]


@dataclass(eq=False)
class Front:
    """Everything that a Slack client asks for, below ``/slack``."""

    world: World
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def routes(self) -> list[web.RouteDef]:
        """The routes to serve."""
        return [
            web.get("/slack/api/{method}", self._call),
            web.post("/slack/api/{method}", self._call),
            web.get("/slack/link/", self.world.sockets.serve),
            web.post("/slack/{kind:actions|commands}/{team}/{id}", self._respond),
            web.post("/slack/upload/v1/{ticket}", self._upload),
            web.put("/slack/upload/v1/{ticket}", self._upload),
            web.get("/slack/files/{id}/{name}", self._download),
        ]

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if not self.world.base_url:
            self.world.base_url = f"{request.scheme}://{request.host}"
        name = request.match_info["method"]
        try:
            params, token = await _arguments(request, json_too=name not in METHODS or METHODS[name].reads_json)
        except ApiError as refused:
            return _json(refused.answer())
        call = Call(name, params, self.world.clock.monotonic())
        chat = params.get("channel") or params.get("channel_id") or params.get("user_id")
        return await self._answer(request, call, chat, lambda: self._run(call, token))

    def _run(self, call: Call, secret: str) -> web.Response:
        """Answer one method call."""
        method = METHODS.get(call.method)
        headers = {}
        try:
            if method is None:
                raise ApiError("unknown_method", req_method=call.method)
            token = authenticate(self.world, secret, method)
            headers["x-oauth-scopes"] = ",".join(sorted(token.scopes))
            headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
            paced = self._paced(call) if method.posts else None
            wait = self.world.limits.take(call.method, method.tier, self.world.clock.monotonic(), paced)
            if wait is not None:
                return _json({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(wait)})
            return _json(method.run(self.world, Args(call.params, token)), 200, headers)
        except ApiError as refused:
            return _json(refused.answer(), 200, headers)

    def _paced(self, call: Call) -> str:
        """The conversation whose pace a post counts against; a user's id stands for their direct message."""
        wanted = str(call.params.get("channel"))
        user = self.world.workspace.users.get(wanted)
        return self.world.im_with(user).id if user and not user.is_bot else wanted

    async def _answer(
        self, request: web.Request, call: Call, chat: Any, work: Callable[[], web.Response]
    ) -> web.StreamResponse:
        """Do ``work`` under the faults in force, and keep the record."""
        self.world.calls.append(call)
        self.world.changed("call", call)
        fault = self.world.faults.take(call.method, chat)
        answer = None
        if fault is None or fault.moment == "after" or fault.kind == "stall":
            if fault and fault.kind == "stall" and fault.moment == "before":
                await self._stall(fault)
                if request.transport is None:  # who hung up meanwhile is not served
                    return _cut_off(request)
            answer = work()
            if fault and fault.kind == "stall" and fault.moment == "after":
                await self._stall(fault)
        if fault is not None and fault.kind != "stall":
            answer = _faulty(fault)
        if answer is not None:
            call.status = answer.status
            if answer.content_type == "application/json" and answer.text:
                call.answer = json.loads(answer.text)
        self.world.changed("call", call)
        if answer is None:
            return _cut_off(request)
        return answer

    async def _stall(self, fault: Fault) -> None:
        """Wait, but not beyond the end of the server."""
        waits = [
            asyncio.ensure_future(fault.stalled(self.world.clock)),
            asyncio.ensure_future(self.closing.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        """A post to a response_url."""
        url = self.world.workspace.response_urls.get(request.match_info["id"])
        try:
            params, _ = await _arguments(request, json_too=True)
        except ApiError as refused:
            return _json(refused.answer(), 400)
        call = Call("response_url", params, self.world.clock.monotonic(), about=request.match_info["id"])

        def work() -> web.Response:
            if url is None:
                return web.Response(status=404, text="no_service")
            try:
                respond(self.world, url, params)
            except ApiError as refused:
                gone = refused.code in ("used_url", "expired_url")
                return _json(refused.answer(), 404 if gone else 400)
            return _json({"ok": True}) if url.message else web.Response(text="ok")

        return await self._answer(request, call, url.channel if url else None, work)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        """The second step of an upload: the bytes, raw or as the ``file`` part of a form."""
        ticket = request.match_info["ticket"]
        file = next((f for f in self.world.workspace.files.values() if f.ticket == ticket), None)
        if request.content_type == "multipart/form-data":
            part = next(iter((await request.post()).values()), "")
            content = part.encode() if isinstance(part, str) else part.file.read()  # type: ignore[union-attr]
        else:
            content = await request.content.read()  # without aiohttp's limit on the size of a body
        about = file.id if file else ""
        call = Call("upload", {"length": len(content)}, self.world.clock.monotonic(), about=about)

        def work() -> web.Response:
            if file is None or file.complete:
                return web.Response(status=404, text="not found")
            file.content = content
            return web.Response(text=f"OK - {len(content)}")

        return await self._answer(request, call, None, work)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """``url_private``: the bytes, for a token that may read files."""
        token = self.world.workspace.tokens.get(_bearer(request))
        file = self.world.workspace.files.get(request.match_info["id"])
        if token is None or "files:read" not in token.scopes:
            return web.Response(status=403)
        if file is None or not file.complete:
            return web.Response(status=404)
        return web.Response(body=file.content)


def _json(body: Json, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response(body, status=status, headers=headers)


def _faulty(fault: Fault) -> web.Response | None:
    """What an answer is replaced by; None for a connection that is cut."""
    if fault.kind == "429":
        headers = {"Retry-After": str(fault.retry_after)}
        return _json({"ok": False, "error": "ratelimited"}, 429, headers)
    if fault.kind == "5xx":
        return _json({"ok": False, "error": "internal_error"}, 500)
    return None


def _cut_off(request: web.Request) -> web.Response:
    """Close the connection; the response that aiohttp wants for it goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _bearer(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ").strip()


async def _arguments(request: web.Request, json_too: bool) -> tuple[Json, str]:
    """Arguments from query and body, and the token, which is in the header or among them.

    Raises:
        ApiError: invalid_json or json_not_object.
    """
    params: Json = dict(request.query)
    if request.method == "POST":
        if request.content_type == "application/json":
            params |= _json_object(await request.text()) if json_too else {}
        elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
            params |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    argument = str(params.pop("token", ""))
    return params, _bearer(request) or argument


def _json_object(text: str) -> Json:
    try:
        body = json.loads(text or "{}")
    except ValueError:
        raise ApiError("invalid_json") from None
    if not isinstance(body, dict):
        raise ApiError("json_not_object")
    return body
