"""The little markup of our own texts: ``**bold**``, ``_italic_``, ``~~struck~~``, code and ``[text](url)``.

It is read only in texts that we or the hub wrote, never in what people typed.
"""

from __future__ import annotations

import functools
import re

from msgspec import structs

from handlers.core.ui import Span, Text

_TOKEN = re.compile(
    r"\*\*(?P<bold>(?:(?!\*\*).)+)\*\*"
    r"|~~(?P<strike>(?:(?!~~).)+)~~"
    r"|(?<![^\W_])_(?P<italic>[^_]+)_(?![^\W_])"
    r"|`(?P<code>[^`]+)`"
    r"|\[(?P<label>[^\]]+)\]\((?P<url>[^)\s]+)\)",
    re.DOTALL,
)
_LEFT_OVER = re.compile(r"\*\*|~~|`|\]\(")


class MarkupError(ValueError):
    """A text's markup does not close.

    Attributes:
        position: Where in the source, in characters.
        problem: What stands there.
    """

    def __init__(self, position: int, problem: str) -> None:
        super().__init__(f"at character {position + 1}: {problem}")
        self.position = position
        self.problem = problem


@functools.lru_cache(maxsize=4096)  # our texts are few, and said again and again
def parse_markup(source: str) -> Text:
    """Return the styled text; a source without markup comes back as the string it is.

    Styles nest one in the other, as in ``_Stand: **2017**_``.

    Raises:
        MarkupError: A style is opened and not closed, or a link leads to neither https nor mailto.
    """
    found = _parse(source, Span(""), 0)
    return source if found == (Span(source),) or not source else found


def _parse(source: str, style: Span, offset: int) -> tuple[Span, ...]:
    found: list[Span] = []
    end = 0
    for token in _TOKEN.finditer(source):
        _add_text(found, source[end : token.start()], style, offset + end)
        kind = token.lastgroup or ""
        if kind == "url":
            url = token["url"]
            if not url.startswith(("https://", "mailto:")):
                raise MarkupError(
                    offset + token.start("url"), f"the link {url} starts with neither https:// nor mailto:"
                )
            found.append(structs.replace(style, text=token["label"], link=url))
        elif kind == "code":
            found.append(structs.replace(style, text=token["code"], code=True))
        else:
            inner = structs.replace(style, **{kind: True})
            found.extend(_parse(token[kind], inner, offset + token.start(kind)))
        end = token.end()
    _add_text(found, source[end:], style, offset + end)
    return tuple(found)


def _add_text(found: list[Span], text: str, style: Span, offset: int) -> None:
    if not text:
        return
    if left := _LEFT_OVER.search(text):
        raise MarkupError(offset + left.start(), f"{left[0]} is not closed")
    found.append(structs.replace(style, text=text))
