"""Pictures of the content pack, drawn on a bare machine."""

from __future__ import annotations

import struct
import threading
from pathlib import Path

import pytest

from bot.delivery.drawing import FONTS, draw
from handlers.core.ui import Picture

PACK = Path(__file__).parents[2] / "hub"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40">'
    '<rect width="80" height="40" fill="white"/><text x="4" y="25" font-size="16">{label}</text></svg>'
)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "sign.svg").write_text(SVG, "utf-8")
    return tmp_path


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("path", sorted((PACK / "pictures").glob("*.svg")), ids=lambda path: path.stem)
def test_every_picture_of_the_pack_can_be_drawn(path: Path) -> None:
    width, height = size(draw(PACK, Picture(path.stem, "alt")))
    assert width >= 300
    assert height >= 100


def test_letters_are_drawn_with_the_font_that_comes_along(pack: Path) -> None:
    assert list(FONTS.glob("*.ttf")) or list(FONTS.glob("*.otf"))
    blank = draw(pack, Picture("sign", "alt", {"label": " "}))
    assert size(blank) == (80, 40)
    for label in ("A", "ä", "ß", "€", "ż"):
        assert draw(pack, Picture("sign", "alt", {"label": label})) != blank, label


def test_what_is_filled_in_is_escaped_and_never_markup(pack: Path) -> None:
    hostile = '</text><rect width="80" height="40" fill="black"/><text>'
    assert draw(pack, Picture("sign", "alt", {"label": hostile})) != draw(pack, Picture("sign", "alt"))
    assert size(draw(pack, Picture("sign", "alt", {"label": "<&>\"'"}))) == (80, 40)


@pytest.mark.parametrize("name", ["", "nowhere", "../hub", "a/b", "sign.svg", "Sign", "sign\n"])
def test_only_a_picture_of_the_pack_is_drawn(pack: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"no name of a picture|No such file"):
        draw(pack, Picture(name, "alt"))


def test_a_file_that_is_no_svg_is_told(pack: Path) -> None:
    (pack / "pictures" / "broken.svg").write_text("no svg", "utf-8")
    with pytest.raises(ValueError, match=r"."):
        draw(pack, Picture("broken", "alt"))


def test_the_same_picture_is_drawn_once_from_any_thread(pack: Path) -> None:
    drawn: list[bytes] = []
    picture = Picture("sign", "alt", {"label": "Hub"})
    threads = [threading.Thread(target=lambda: drawn.append(draw(pack, picture))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(drawn)) == 1
    assert draw(pack, picture) is draw(pack, picture)
