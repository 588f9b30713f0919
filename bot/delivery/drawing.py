"""Draws a picture block: an SVG of the content pack, its placeholders filled, as PNG."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from xml.sax.saxutils import escape

from handlers.core.ui import Picture

FONTS = Path(__file__).parent / "fonts"
"""Kumpel Sans: a Latin subset of Lato under the SIL Open Font License; a bare machine has no fonts."""

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_NAME = re.compile(r"[a-z0-9-]+")


def draw(folder: Path, picture: Picture) -> bytes:
    """Return the PNG of a picture; slow (tens of milliseconds), so call it in a thread.

    Raises:
        ValueError: The content pack has no such picture, or it is no SVG.
    """
    if not _NAME.fullmatch(picture.drawing):
        raise ValueError(f"{picture.drawing!r} is no name of a picture")
    return _drawn(folder / "pictures" / f"{picture.drawing}.svg", tuple(sorted(picture.args.items())))


@functools.lru_cache(maxsize=16)
def _drawn(path: Path, args: tuple[tuple[str, str], ...]) -> bytes:
    try:
        source = path.read_text("utf-8")
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from error
    values = dict(args)
    return png(_PLACEHOLDER.sub(lambda found: escape(values.get(found[1], "")), source) if values else source)


def png(svg: str) -> bytes:
    """Return an SVG as PNG, its texts in our own font.

    Raises:
        ValueError: It is no SVG.
    """
    import resvg_py  # only where pictures are drawn: it is a megabyte of every bot at rest

    drawn = resvg_py.svg_to_bytes(
        svg_string=svg, skip_system_fonts=True, font_dirs=[str(FONTS)], font_family="Kumpel Sans"
    )
    return bytes(drawn)
