"""Strings that people might type to break something, made the same every time."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

SEED = 20261123
SITE = "evil.example"
"""Stands in every address; nothing of the bot's leads there."""

TAGS = (
    ("fettq", "<b>fettq</b>"),
    ("sternq", "*sternq*"),
    ("untenq", "_untenq_"),
    ("codeq", "`codeq`"),
    ("wegq", "~wegq~"),
    ("doppelq", "**doppelq**"),
    ("linkq", f"[linkq](https://{SITE}/md)"),
    ("ankerq", f'<a href="https://{SITE}/a">ankerq</a>'),
    ("skriptq", "<script>skriptq()</script>"),
    ("spoilerq", "||spoilerq||"),
)
"""A word and the markup around it: wherever the word is read, the markup is to be read as well."""

_PIECES: dict[str, tuple[str, ...]] = {
    "tags": tuple(written for _, written in TAGS),
    "slack": (
        "<!channel>",
        "<!here>",
        "<!everyone>",
        "<@U0EVIL0009>",
        "<#C0EVIL0009|x>",
        f"<https://{SITE}|hub.ruhr>",
        "<!subteam^S0EVIL0009>",
        "<!date^1^{date}|x>",
    ),
    "names": (
        "@channel",
        "@here",
        "@everyone",
        "@admin",
        "@kumpel_bot",
        "@durov",
        "#alle",
        "$USD",
        "/delete",
        "/start x",
    ),
    "links": (
        f"https://{SITE}/x?a=1&b=2",
        f"http://{SITE}",
        f"ftp://{SITE}/f",
        f"tg://resolve?domain=durov#{SITE}",
        f"javascript:alert('{SITE}')",
        f"mallory@{SITE}",
        f"mailto:mallory@{SITE}",
        "t.me/joinchat/x",
        "evil.com/login",
    ),
    "html": (
        "&lt;b&gt;",
        "&amp;amp;",
        "&#60;i&#62;",
        "<a href='tg://user?id=1'>x</a>",
        "<img src=x onerror=alert(1)>",
        "-->",
        "]]>",
    ),
    "control": ("\x00", "\x07\x08", "\x1b[31mrot\x1b[0m", "\x7f\x85", "\x0b\x0c", "\x1b]0;titel\x07"),
    "bidi": ("\u202eabc\u202c", "\u2066def\u2069", "שלום", "مرحبا", "\u200f\u200e", "\u061c"),
    "invisible": (
        "\u200b",
        "\u200c\u200d",
        "\u2060",
        "\ufeff",
        "\u00ad",
        "\u3164",
        "\u2800",
        "\u115f",
        "\U000e0041",
    ),
    "formulas": (
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        f'=HYPERLINK("https://{SITE}","x")',
        "\t=1+1",
        "%0A=1",
        ";=1",
    ),
    "lines": ("a\r\nb", "a\rb", "a\n\n\n\nb", "a\u2028b\u2029c", "Set-Cookie: x=1\r\nX: y"),
    "templates": (
        "{0}",
        "{who}",
        "{who.__class__}",
        "%s%n",
        "${7*7}",
        "{{7*7}}",
        "{% x %}",
        "[[AUSFÜLLEN: x]]",
        "\\N{DIGIT ONE}",
    ),
    "sql": (
        "'; DROP TABLE persons; --",
        '" OR 1=1 --',
        "%' OR '%'='",
        "\\'; SELECT 1",
        "NULL",
        "x' UNION SELECT 1 --",
    ),
    "logs": ("\n[info ] done level=info", '"}\n{"event":"done"', "\x1b[2K\rroot logged in", "%(password)s"),
    "calendars": (
        "\r\nATTENDEE:mailto:mallory@x",
        "\nEND:VEVENT\nBEGIN:VEVENT",
        ";VALUE=URI:x",
        "\\n\\,\\;",
        "BEGIN:VALARM",
    ),
    "emoji": ("👩‍👩‍👧‍👦", "🧖🏽‍♀️", "🏳️‍🌈", "🇩🇪", "e\u0301\u0302\u0323", "Z̷̢̛͉̀a̴̡̛l̵̨̛g̶̢̛ö̴̝"),
    "seals": ("faq:take|1", "~", "|", "x" * 64, "people:unblock|1~2", "form:p|x|0"),
}
_KINDS = tuple(_PIECES)
_WORDS = ("Sauna", "Pilotkunden", "Lagerkraft", "morgen", "bitte", "wir", "suchen", "Essen", "2026", "&", "…")
_LONG = (3, 300, 4000)


def hostile(count: int) -> list[str]:
    """Return so many different strings; each kind of trouble alone, among words, with others, and very long."""
    return list(itertools.islice(_strings(), count))


def _strings() -> Iterator[str]:
    chance = random.Random(SEED)
    seen: set[str] = set()
    for number in itertools.count():
        kind = _KINDS[number % len(_KINDS)]
        piece = chance.choice(_PIECES[kind])
        match (number // len(_KINDS)) % 5:
            case 0:
                text = piece
            case 1:
                text = f"{chance.choice(_WORDS)} {piece} {chance.choice(_WORDS)}"
            case 2:
                text = f"{chance.choice(_WORDS)}{piece}{chance.choice(_PIECES[chance.choice(_KINDS)])}"
            case 3:
                text = " ".join(chance.choice(_PIECES[chance.choice(_KINDS)]) for _ in range(chance.randint(2, 9)))
            case _:
                text = (piece + " ") * (chance.choice(_LONG) // len(piece) + 1)
        text = f"{text}{number if number >= len(_KINDS) else ''}"
        if text not in seen:
            seen.add(text)
            yield text
