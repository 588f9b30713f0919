"""views.*: modals and the App Home."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack import modals, objects
from bot.sandbox.slack.api import ApiError, Args
from bot.sandbox.slack.state import User, View
from bot.sandbox.slack.world import World

Json = dict[str, Any]


def _definition(args: Args) -> Any:
    definition = args.json("view")
    if definition is None:
        raise ApiError("invalid_arguments", messages=["missing required field: view"])
    return definition


def _modal_for(world: World, args: Args) -> tuple[User, Json]:
    """Whose trigger it is, and the modal to show; one that is refused does not use the trigger up."""
    trigger = args.need("trigger_id")
    definition = modals.check_view(world, _definition(args), "modal")
    return modals.exchange_trigger(world, trigger), definition


def _answer(world: World, view: View) -> Json:
    return {"ok": True, "view": objects.view(world, view)}


def open_view(world: World, args: Args) -> Json:
    """views.open."""
    return _answer(world, modals.open_modal(world, *_modal_for(world, args)))


def push(world: World, args: Args) -> Json:
    """views.push."""
    return _answer(world, modals.push_modal(world, *_modal_for(world, args)))


def update(world: World, args: Args) -> Json:
    """views.update: by view_id or external_id, of a view that somebody still sees."""
    definition = _definition(args)
    view_id, external_id = args.text("view_id"), args.text("external_id")
    if not view_id and not external_id:
        raise ApiError("invalid_arguments", messages=["missing required field: view_id"])
    for view in world.workspace.views():
        if view.id == view_id or (not view_id and view.definition.get("external_id") == external_id):
            return _answer(world, modals.update_view(world, view, definition, args.text("hash")))
    raise ApiError("not_found")


def publish(world: World, args: Args) -> Json:
    """views.publish."""
    user = world.workspace.users.get(args.need("user_id"))
    if user is None or user.is_bot:
        raise ApiError("invalid_arguments", messages=["invalid `user_id`"])
    return _answer(world, modals.publish_home(world, user, _definition(args), args.text("hash")))
