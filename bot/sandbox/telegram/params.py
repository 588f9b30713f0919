"""The parameters of a call, however they came: query, form, multipart or JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.multipart import BodyPartReader

from bot.sandbox.telegram.errors import BotApiError, bad_request

# "Bots can currently send files of any type of up to 50 MB in size" (Bot API, sendDocument).
MAX_UPLOAD = 50 * 1024 * 1024


@dataclass(slots=True)
class Upload:
    """A file that came with a multipart request."""

    name: str
    mime_type: str
    data: bytes


@dataclass(slots=True)
class Params:
    """Parameters as text, the way the Bot API server keeps them (telegram-bot-api Query.h, args)."""

    values: dict[str, str] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The parameter, empty when absent: the server does not tell these two apart."""
        return self.values.get(name, "")

    def required(self, name: str) -> str:
        """The parameter, or 400 (Client.cpp, get_required_string_arg)."""
        if not self.text(name):
            raise bad_request(f'Parameter "{name}" is required')
        return self.text(name)

    def flag(self, name: str) -> bool:
        """A boolean (telegram-bot-api Client.cpp, to_bool)."""
        return self.text(name).lower() in ("true", "yes", "1")

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        """A number pressed into its range (Client.cpp, get_integer_arg)."""
        return min(max(self.number(name, default), low), high)

    def number(self, name: str, default: int = 0) -> int:
        """A number, ``default`` when absent and 0 when it is none (td::to_integer)."""
        text = self.text(name).strip()
        if not text:
            return default
        return int(text) if text.lstrip("-").isdecimal() else 0

    def json(self, name: str, what: str) -> Any:
        """A JSON-serialized parameter, None when absent; ``what`` names it in the refusal."""
        if not self.text(name):
            return None
        try:
            return json.loads(self.text(name))
        except ValueError:
            raise bad_request(f"Can't parse {what} JSON object") from None

    def recorded(self) -> dict[str, Any]:
        """The parameters as a reader wants them: JSON decoded, files by their names."""
        out: dict[str, Any] = {}
        for name, text in self.values.items():
            structured = text[:1] in ("{", "[")
            try:
                out[name] = json.loads(text) if structured else text
            except ValueError:
                out[name] = text
        return out | {name: f"<{file.name}, {len(file.data)} bytes>" for name, file in self.files.items()}


def from_mapping(values: dict[str, Any]) -> Params:
    """Parameters of a decoded JSON object; what is no text stays serialized."""
    return Params({k: v if isinstance(v, str) else json.dumps(v) for k, v in values.items() if v is not None})


async def read_params(request: web.Request) -> Params:
    """Decode a request's parameters (Bot API, "Making requests").

    Raises:
        BotApiError: 400 for a broken body, 413 for one that is too large.
    """
    params = Params(dict(request.query))
    if request.method != "POST":
        return params
    if request.content_type == "multipart/form-data":
        await _read_multipart(request, params)
    elif request.content_type == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise bad_request("can't parse request JSON object")
        params.values.update(from_mapping(body).values)
    else:
        form = await request.post()
        params.values.update({name: value for name, value in form.items() if isinstance(value, str)})
    return params


async def _read_multipart(request: web.Request, params: Params) -> None:
    size = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytes(await part.read(decode=True))
        size += len(data)
        if size > MAX_UPLOAD:
            raise BotApiError(413, "Request Entity Too Large")
        if part.filename is None:
            params.values[part.name] = data.decode()
        else:
            mime_type = part.headers.get("Content-Type", "application/octet-stream")
            params.files[part.name] = Upload(part.filename, mime_type, data)
