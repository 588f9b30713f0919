"""The life of views: opened, stacked, updated, submitted, closed.

Sources: the error lists of views.open, views.push, views.update and views.publish; docs.slack.dev/surfaces/modals
(a stack of three, response_action, what clear_on_close and notify_on_close do, inputs kept over an update while
block_id and action_id stay).
"""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.slack import blocks, payloads
from bot.sandbox.slack.api import ApiError
from bot.sandbox.slack.delivery import BadAnswerError, Delivery
from bot.sandbox.slack.state import User, View
from bot.sandbox.slack.values import initial_values
from bot.sandbox.slack.world import World

Json = dict[str, Any]

TRIGGER_SECONDS = 3.0
STACK_LIMIT = 3
_TRIGGER_FORM = re.compile(r"\d+\.\d+\.[0-9a-f]+")


def exchange_trigger(world: World, trigger_id: str) -> User:
    """Use up a trigger_id; the person it was given to.

    Raises:
        ApiError: invalid_trigger_id, exchanged_trigger_id or expired_trigger_id.
    """
    trigger = world.workspace.triggers.get(trigger_id)
    if trigger is None or not _TRIGGER_FORM.fullmatch(trigger_id):
        raise ApiError("invalid_trigger_id")
    if trigger.used:
        raise ApiError("exchanged_trigger_id")
    if world.clock.monotonic() - trigger.made_at > TRIGGER_SECONDS:
        raise ApiError("expired_trigger_id")
    trigger.used = True
    return world.workspace.users[trigger.user]


def check_view(world: World, definition: Any, surface: str, replaces: View | None = None) -> Json:
    """The definition with Slack's additions.

    Raises:
        ApiError: invalid_arguments, view_too_large or duplicate_external_id.
    """
    if not isinstance(definition, dict):
        raise ApiError("invalid_arguments", messages=["must provide an object [json-pointer:/view]"])
    if blocks.view_size(definition) > blocks.VIEW_BYTES:
        raise ApiError("view_too_large")
    if problems := blocks.view_problems(definition, surface):
        raise ApiError("invalid_arguments", messages=problems)
    external_id = definition.get("external_id")
    if external_id and any(
        view.definition.get("external_id") == external_id
        for view in world.workspace.views()
        if view is not replaces
    ):
        raise ApiError("duplicate_external_id")
    return {**definition, "blocks": blocks.completed(definition["blocks"])}


def _view(world: World, user: User, definition: Json, below: View | None = None) -> View:
    view_id = world.new_id("V")
    view = View(
        id=view_id,
        user=user.id,
        definition=definition,
        hash=_hash(world),
        root_id=below.root_id if below else view_id,
        previous_id=below.id if below else None,
        names=world.names(),
    )
    view.values = initial_values(view.blocks)
    return view


def _hash(world: World) -> str:
    return f"{int(world.clock.now().timestamp())}.{world.secret(8)}"


def open_modal(world: World, user: User, definition: Json) -> View:
    """Show a modal (checked) as the first of a new stack."""
    view = _view(world, user, definition)
    world.workspace.modals[user.id] = [view]
    world.changed("view", view)
    return view


def push_modal(world: World, user: User, definition: Json) -> View:
    """Show a modal (checked) over the one that is open.

    Raises:
        ApiError: not_found without an open modal, push_limit_reached over three.
    """
    stack = world.workspace.modals.get(user.id)
    if not stack:
        raise ApiError("not_found")
    if len(stack) >= STACK_LIMIT:
        raise ApiError("push_limit_reached")
    view = _view(world, user, definition, below=stack[-1])
    stack.append(view)
    world.changed("view", view)
    return view


def update_view(world: World, view: View, definition: Any, expected_hash: str | None = None) -> View:
    """Give a view another content; what was put in stays where block_id and action_id stay.

    Raises:
        ApiError: hash_conflict, and what :func:`check_view` raises.
    """
    if expected_hash and expected_hash != view.hash:
        raise ApiError("hash_conflict")
    view.definition = check_view(world, definition, view.type, replaces=view)
    before, view.values = view.values, initial_values(view.blocks)
    for block_id, actions in view.values.items():
        for action_id, value in actions.items():
            kept = before.get(block_id, {}).get(action_id)
            if kept and kept["type"] == value["type"]:
                actions[action_id] = kept
    view.errors, view.hash, view.names = {}, _hash(world), world.names()
    world.changed("home" if view.type == "home" else "view", view)
    return view


def publish_home(world: World, user: User, definition: Any, expected_hash: str | None = None) -> View:
    """Make ``definition`` the person's App Home."""
    present = world.workspace.homes.get(user.id)
    if present is not None:
        return update_view(world, present, definition, expected_hash)
    view = _view(world, user, check_view(world, definition, "home"))
    world.workspace.homes[user.id] = view
    world.changed("home", view)
    return view


def close_modal(world: World, user: User, *, cleared: bool = False) -> list[Delivery]:
    """The person closes the top modal (or all, with ``cleared``); the app hears where it asked to."""
    stack = world.workspace.modals.get(user.id, [])
    everything = cleared or (bool(stack) and bool(stack[-1].definition.get("clear_on_close")))
    closed = [stack.pop() for _ in range(len(stack) if everything else min(1, len(stack)))]
    if not stack:
        world.workspace.modals.pop(user.id, None)
    deliveries = []
    for view in closed:
        if view.definition.get("notify_on_close"):
            deliveries.append(world.interact(payloads.view_closed(world, user, view, everything)))
        world.changed("view", view)
    return deliveries


def apply_response(world: World, user: User, view: View, body: Any) -> None:
    """Do with the modal what the answer to its submission says.

    Raises:
        BadAnswerError: Slack cannot use the answer; the person is told that something went wrong.
    """
    stack = world.workspace.modals.get(user.id, [])
    if view not in stack:
        return
    action = body.get("response_action") if isinstance(body, dict) else None
    try:
        match action:
            case None:
                stack.remove(view)
                if not stack:
                    del world.workspace.modals[user.id]
            case "clear":
                del world.workspace.modals[user.id]
            case "errors":
                _show_errors(view, body.get("errors"))
            case "update":
                update_view(world, view, body.get("view"))
            case "push":
                push_modal(world, user, check_view(world, body.get("view"), "modal"))
            case _:
                raise BadAnswerError(f"unknown response_action {action!r}")
    except ApiError as refused:
        raise BadAnswerError(f"{refused.code}: {'; '.join(refused.messages)}") from refused
    world.changed("view", view)


def _show_errors(view: View, errors: Any) -> None:
    """Errors are keyed by the block_id of an input block; others make the whole answer unusable."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise BadAnswerError("response_action errors without errors")
    for block_id, sentence in errors.items():
        if block_id not in inputs or not isinstance(sentence, str) or not sentence:
            raise BadAnswerError(f"errors name {block_id!r}, which is no input block of the view")
    view.errors = dict(errors)
