"""Hostile strings through every field, between the strict sandboxes; all 500: ``benchmarks.hostile``."""

from __future__ import annotations

import pytest

from benchmarks.hostile import figures, run
from benchmarks.hostile_reading import live_in_slack, live_in_telegram, unsafe
from benchmarks.hostile_strings import hostile

SAMPLE = 500 // 50


@pytest.mark.timeout(240)
async def test_no_field_brings_anything_to_life_and_no_form_is_left_out() -> None:
    """A form that nobody opens here is a new one: give it a step in ``benchmarks/hostile_steps.py``."""
    texts = hostile(500)[::50]
    assert len(texts) == SAMPLE
    seen, known = await run(texts, batch=SAMPLE)
    assert known - set(seen.forms) == set()
    assert seen.live == []
    assert seen.refused == []
    assert seen.failed == []
    assert seen.unsafe == []
    assert seen.files >= SAMPLE
    assert all(figure.holds for figure in figures(seen, known, SAMPLE).values())


def test_the_strings_are_500_and_always_the_same() -> None:
    assert len(set(hostile(500))) == 500
    assert hostile(500)[:100] == hostile(100)


@pytest.mark.parametrize(
    "params",
    [
        {"text": "<!channel>"},
        {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "<@U0EVIL0009>"}}]},
        {"blocks": '[{"type": "section", "text": {"type": "mrkdwn", "text": "*sternq*"}}]'},
        {
            "blocks": [
                {
                    "type": "rich_text",
                    "elements": [
                        {"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "here"}]}
                    ],
                }
            ]
        },
    ],
)
def test_what_is_live_in_slack_is_found(params: dict[str, object]) -> None:
    assert list(live_in_slack(params)) != []


@pytest.mark.parametrize(
    "text",
    [
        "ping @durov",
        "https://evil.example/x",
        "/delete",
        "#alle",
        "mallory@evil.example",
        '<a href="https://evil.example/a">Zum Hub</a>',
        "<b>fettq</b>",
    ],
)
def test_what_is_live_in_telegram_is_found(text: str) -> None:
    assert list(live_in_telegram({"text": text, "parse_mode": "HTML"})) != []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", b"<p><script>x</script></p>"),
        ("a.html", b'<p onclick="x">y</p>'),
        (
            "a.ics",
            b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nATTENDEE:mailto:x@y\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        ),
    ],
)
def test_what_does_not_belong_in_a_file_is_found(name: str, content: bytes) -> None:
    assert list(unsafe(name, content)) != []
