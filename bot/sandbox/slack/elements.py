"""What Slack accepts as text objects, composition objects and block elements.

Figures: the validators of ``slack_sdk.models.blocks`` (basic_components, block_elements) and, where they have
none, docs.slack.dev/reference/block-kit; fields: @slack/types 3.2.0.
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.shapes import (
    Check,
    Report,
    Shape,
    anything,
    array,
    boolean,
    by_type,
    integer,
    matching,
    one_of,
    string,
    url,
)


def plain_text(longest: int, shortest: int = 1) -> Check:
    """A plain_text object."""
    return by_type({"plain_text": Shape({"text": string(longest, shortest)}, {"emoji": boolean})})


def any_text(longest: int, shortest: int = 1) -> Check:
    """A plain_text or mrkdwn object."""
    words = string(longest, shortest)
    return by_type(
        {
            "plain_text": Shape({"text": words}, {"emoji": boolean}),
            "mrkdwn": Shape({"text": words}, {"verbatim": boolean}),
        }
    )


ACTION_ID = string(255, 1)
STYLE = one_of("primary", "danger")
DATE = matching(r"\d{4}-\d{2}-\d{2}", "a date in the format YYYY-MM-DD")
TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time in the format HH:mm")
USER_ID = matching(r"[UW][A-Z0-9]{2,}", "a user id")
CHANNEL_ID = matching(r"[CDG][A-Z0-9]{2,}", "a conversation id")

CONFIRM = Shape(
    needs={
        "title": plain_text(100),
        "text": any_text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
    },
    may={"style": STYLE},
)
# docs.slack.dev/reference/block-kit/composition-objects/option-object: url only in overflow menus,
# mrkdwn only in checkboxes and radio buttons
OPTION = Shape(needs={"text": plain_text(75), "value": string(150, 1)}, may={"description": plain_text(75)})
OVERFLOW_OPTION = Shape(needs=OPTION.needs, may={**OPTION.may, "url": url()})
MARKED_OPTION = Shape(needs={"text": any_text(75), "value": string(150, 1)}, may={"description": any_text(75)})
OPTION_GROUP = Shape(needs={"label": plain_text(75), "options": array(OPTION, 100, 1)})

_MENU: dict[str, Check] = {"action_id": ACTION_ID, "confirm": CONFIRM}
_PICKER: dict[str, Check] = {**_MENU, "focus_on_load": boolean, "placeholder": plain_text(150)}
_TYPED: dict[str, Check] = {
    "action_id": ACTION_ID,
    "focus_on_load": boolean,
    "placeholder": plain_text(150),
    "initial_value": string(),
    "dispatch_action_config": Shape(
        may={"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 2, 1)}
    ),
}
_CONVERSATIONS: dict[str, Check] = {
    **_PICKER,
    "default_to_current_conversation": boolean,
    "response_url_enabled": boolean,
    "filter": Shape(
        may={
            "include": array(one_of("im", "mpim", "private", "public"), None, 1),
            "exclude_external_shared_channels": boolean,
            "exclude_bot_users": boolean,
        }
    ),
}


class _Select(Shape):
    """A static select: either options or option_groups."""

    def __call__(self, value: Any, path: str, report: Report) -> None:
        super().__call__(value, path, report)
        if isinstance(value, dict) and ("options" in value) == ("option_groups" in value):
            report.add("must define either `options` or `option_groups`", path)


_OPTIONS: dict[str, Check] = {"options": array(OPTION, 100, 1), "option_groups": array(OPTION_GROUP, 100, 1)}
_SEVERAL: dict[str, Check] = {"max_selected_items": integer(1, 1000)}

IMAGE = Shape(
    needs={"alt_text": string(2000, 1)},
    may={"image_url": url(), "slack_file": Shape(may={"id": string(), "url": url()})},
)

BUTTON = Shape(
    needs={"text": plain_text(75)},
    may={
        **_MENU,
        "value": string(2000),
        "url": url(),
        "style": STYLE,
        "accessibility_label": string(75),
    },
)

#: What may stand in an actions block, and beside a section's text together with an image.
ACTIONS: dict[str, Shape] = {
    "button": BUTTON,
    "static_select": _Select(may={**_PICKER, **_OPTIONS, "initial_option": OPTION}),
    "multi_static_select": _Select(
        may={**_PICKER, **_OPTIONS, **_SEVERAL, "initial_options": array(OPTION, 100, 1)}
    ),
    "users_select": Shape(may={**_PICKER, "initial_user": USER_ID}),
    "multi_users_select": Shape(may={**_PICKER, **_SEVERAL, "initial_users": array(USER_ID)}),
    "conversations_select": Shape(may={**_CONVERSATIONS, "initial_conversation": CHANNEL_ID}),
    "multi_conversations_select": Shape(
        may={**_CONVERSATIONS, **_SEVERAL, "initial_conversations": array(CHANNEL_ID)}
    ),
    "channels_select": Shape(may={**_PICKER, "initial_channel": CHANNEL_ID, "response_url_enabled": boolean}),
    "multi_channels_select": Shape(may={**_PICKER, **_SEVERAL, "initial_channels": array(CHANNEL_ID)}),
    "external_select": Shape(may={**_PICKER, "initial_option": OPTION, "min_query_length": integer(0, 255)}),
    "multi_external_select": Shape(
        may={
            **_PICKER,
            **_SEVERAL,
            "initial_options": array(OPTION, 100, 1),
            "min_query_length": integer(0, 255),
        }
    ),
    "overflow": Shape(needs={"options": array(OVERFLOW_OPTION, 5, 1)}, may=_MENU),
    "datepicker": Shape(may={**_PICKER, "initial_date": DATE}),
    "timepicker": Shape(may={**_PICKER, "initial_time": TIME, "timezone": string()}),
    "datetimepicker": Shape(
        may={**_MENU, "focus_on_load": boolean, "initial_date_time": integer(0, 9_999_999_999)}
    ),
    "checkboxes": Shape(
        needs={"options": array(MARKED_OPTION, 10, 1)},
        may={**_MENU, "focus_on_load": boolean, "initial_options": array(MARKED_OPTION, 10, 1)},
    ),
    "radio_buttons": Shape(
        needs={"options": array(MARKED_OPTION, 10, 1)},
        may={**_MENU, "focus_on_load": boolean, "initial_option": MARKED_OPTION},
    ),
    "rich_text_input": Shape(may={**_TYPED, "initial_value": anything}),
}

#: What may be an input block's element.
INPUTS: dict[str, Shape] = {
    **{name: shape for name, shape in ACTIONS.items() if name not in ("button", "overflow")},
    "plain_text_input": Shape(
        may={
            **_TYPED,
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        }
    ),
    "email_text_input": Shape(may=_TYPED),
    "url_text_input": Shape(may=_TYPED),
    "number_input": Shape(
        needs={"is_decimal_allowed": boolean},
        may={**_TYPED, "min_value": string(), "max_value": string()},
    ),
    "file_input": Shape(
        may={"action_id": ACTION_ID, "filetypes": array(string(), None, 1), "max_files": integer(1, 10)}
    ),
}

_STYLED: dict[str, Check] = {"style": anything, "block_id": string(255, 1)}
_SPAN = by_type(
    {
        "text": Shape({"text": string(None, 1)}, _STYLED),
        "link": Shape({"url": url()}, {**_STYLED, "text": string(), "unsafe": boolean}),
        "user": Shape({"user_id": USER_ID}, _STYLED),
        "channel": Shape({"channel_id": CHANNEL_ID}, _STYLED),
        "usergroup": Shape({"usergroup_id": string()}, _STYLED),
        "broadcast": Shape({"range": one_of("here", "channel", "everyone")}, _STYLED),
        "emoji": Shape({"name": string(None, 1)}, {**_STYLED, "unicode": string(), "skin_tone": anything}),
        "date": Shape(
            {"timestamp": anything, "format": string()}, {**_STYLED, "url": url(), "fallback": string()}
        ),
        "color": Shape({"value": string()}, _STYLED),
    }
)
_SECTION = Shape({"elements": array(_SPAN)})
_INDENTED: dict[str, Check] = {"border": anything, "indent": integer(0, 8), "offset": anything}

#: What a rich_text block is made of (@slack/types, RichTextBlockElement).
RICH_TEXT: dict[str, Shape] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": Shape({"elements": array(_SPAN)}, {"border": anything}),
    "rich_text_preformatted": Shape({"elements": array(_SPAN)}, {"border": anything, "language": string()}),
    "rich_text_list": Shape(
        {"elements": array(by_type({"rich_text_section": _SECTION})), "style": one_of("bullet", "ordered")},
        _INDENTED,
    ),
}
