"""The running bot's local door: a Unix socket beside the database, for commands that write.

One process may write the database. While the bot runs, ``kumpel code``, say, asks it over the socket; otherwise
the command opens the database itself. Only the owner of the files can knock.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import structlog
from aiohttp import web

from bot.backups import BackupError, Backups
from bot.clock import Clock, SystemClock
from bot.settings import Settings
from handlers.faq.importing import ChangedMeanwhileError, Plan, carry_out
from handlers.people.codes import hash_code, new_code
from storage import roles
from storage.database import Database
from storage.errors import StoreError, StoreUnavailableError
from storage.roles import Role
from storage.rows import Transaction

log = structlog.get_logger(__name__)

CODE_LIFETIME = timedelta(days=7)
LONGEST_ADDRESS = 100
"""Bytes of a Unix socket's path: 107 on Linux, 103 on macOS."""

BACKUP_SECONDS = 600.0
IMPORT_SECONDS = 60.0
LARGEST_IMPORT = 100_000_000
"""Bytes of a plan."""
_SECONDS = 5.0


def socket_path(database: Path) -> Path:
    """Where the bot that runs on a database listens."""
    return database.with_name(f"{database.name}.sock")


class ControlServer:
    """Answers on the socket.

    Args:
        database: The open store, held by this process alone.
        clock: The time.
        back_up: Makes a backup.
    """

    def __init__(
        self, database: Database, clock: Clock, back_up: Callable[[], Awaitable[Path]] | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._back_up = back_up
        self._path = socket_path(database.path)
        self._started_at = clock.now()
        app = web.Application(client_max_size=LARGEST_IMPORT)
        app.router.add_get("/status", self._show_status)
        app.router.add_post("/codes", self._add_code)
        app.router.add_post("/backups", self._make_backup)
        app.router.add_post("/content", self._import)
        self._runner = web.AppRunner(app, access_log=None)
        self._listening = False

    async def start(self) -> None:
        """Listen. A socket left by a bot that was killed goes: the database's lock says that none is running."""
        address = _address(self._path)
        if address is None:
            log.warning("no_control_socket", reason="the path of the database is too long", path=str(self._path))
            return
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        try:
            listener.bind(address)
            self._path.chmod(0o600)  # before anybody can connect
            await self._runner.setup()
            await web.SockSite(self._runner, listener).start()
        except BaseException:
            listener.close()
            raise
        self._listening = True
        self._started_at = self._clock.now()

    async def stop(self) -> None:
        """Answer what is under way and take the socket away."""
        await self._runner.cleanup()
        if self._listening:
            self._path.unlink(missing_ok=True)
            self._listening = False

    async def _show_status(self, _: web.Request) -> web.Response:
        told: dict[str, Any] = {"pid": os.getpid(), "started_at": self._started_at.isoformat()}
        return web.json_response(told)

    async def _add_code(self, request: web.Request) -> web.Response:
        try:
            asked = await request.json()
        except ValueError:
            asked = None
        role = asked.get("role") if isinstance(asked, dict) else None
        if role not in roles.ROLES:
            return web.json_response({"problem": f"role is one of {', '.join(roles.ROLES)}"}, status=400)
        try:
            code = await add_code(self._database, role, self._clock.now())
        except StoreError as error:
            return web.json_response({"problem": str(error)}, status=503)
        log.info("code_made", role=role)
        return web.json_response({"code": code})

    async def _make_backup(self, _: web.Request) -> web.Response:
        if self._back_up is None:
            return web.json_response({"problem": "this bot makes no backups"}, status=404)
        try:
            made = await self._back_up()
        except BackupError as error:
            return web.json_response({"problem": str(error)}, status=503)
        return web.json_response({"file": str(made)})

    async def _import(self, request: web.Request) -> web.Response:
        try:
            plan = msgspec.json.decode(await request.read(), type=Plan)
        except msgspec.MsgspecError:
            return web.json_response({"problem": "this is no plan of this version"}, status=400)
        try:
            await self._database.write(lambda tx: carry_out(tx, plan, self._clock.now()))
        except ChangedMeanwhileError as error:
            return web.json_response({"changed": str(error)}, status=409)
        except StoreError as error:
            return web.json_response({"problem": str(error)}, status=503)
        log.info("content_imported", entries=len(plan.changes))
        return web.json_response({"done": True})


async def add_code(database: Database, role: Role, now: datetime) -> str:
    """Keep a fresh one-time code's hash and return the code; it works for seven days.

    Raises:
        StoreUnavailableError: Nothing was stored.
    """
    code = new_code()

    def keep(tx: Transaction) -> None:
        roles.add_code(tx, hash_code(code), role, None, now + CODE_LIFETIME)

    await database.write(keep)
    return code


async def request_code(path: Path, role: Role, clock: Clock | None = None) -> str:
    """Return a fresh one-time code, from the bot that runs on a database or else straight from the file.

    Raises:
        StoreLockedError: A process holds the database and does not answer on the socket.
        StoreError: The database can't be used; nothing was stored.
    """
    told = await _ask(path, "POST", "/codes", {"role": role})
    if told is not None:
        if "code" in told:
            return str(told["code"])
        raise StoreUnavailableError(told.get("problem", "the running bot gave no code"))
    database = Database(path)
    await database.open()
    try:
        return await add_code(database, role, (clock or SystemClock()).now())
    finally:
        await database.close()


async def request_import(path: Path, plan: Plan) -> None:
    """Have the bot that runs on a database carry a plan out.

    Raises:
        ChangedMeanwhileError: An entry is another than when it was planned; nothing was done.
        StoreUnavailableError: Nothing was done, or the bot does not say so.
    """
    told = await _ask(path, "POST", "/content", msgspec.to_builtins(plan), seconds=IMPORT_SECONDS)
    if told is None:
        raise StoreUnavailableError("the running bot does not answer")
    if "changed" in told:
        raise ChangedMeanwhileError(told["changed"])
    if "done" not in told:
        raise StoreUnavailableError(told.get("problem", "the running bot did nothing"))


async def request_status(path: Path) -> dict[str, Any] | None:
    """Return what the bot that runs on a database tells of itself, or None if none answers."""
    return await _ask(path, "GET", "/status")


async def request_backup(settings: Settings, clock: Clock | None = None) -> Path:
    """Have a backup made, by the bot that runs on the database or else straight from the file.

    Raises:
        BackupError: There is none.
    """
    told = await _ask(settings.kumpel_database, "POST", "/backups", seconds=BACKUP_SECONDS)
    if told is None:
        return (await Backups(settings).make((clock or SystemClock()).now())).path
    if "file" in told:
        return Path(told["file"])
    raise BackupError(told.get("problem", "the running bot made none"))


async def _ask(
    database: Path, method: str, route: str, body: Any = None, seconds: float = _SECONDS
) -> dict[str, Any] | None:
    """Return the running bot's answer, or None where nobody listens."""
    address = _address(socket_path(database))
    if address is None:
        return None
    try:
        async with (
            aiohttp.ClientSession(
                connector=aiohttp.UnixConnector(address), timeout=aiohttp.ClientTimeout(total=seconds)
            ) as session,
            session.request(method, f"http://kumpel{route}", json=body) as response,
        ):
            answer = await response.json()
            return answer if isinstance(answer, dict) else None
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError):
        return None


def _address(path: Path) -> str | None:
    """The shorter of the absolute and the relative path, if it fits into a socket's address."""
    shortest = min(str(path.absolute()), os.path.relpath(path), key=len)
    return shortest if len(os.fsencode(shortest)) <= LONGEST_ADDRESS else None
