"""Public holidays, by country and region."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import date

_NAMES = {"de": "de", "en": "en_US"}


@functools.lru_cache(maxsize=16)
def public_holidays(region: str, year: int, language: str) -> Mapping[date, str]:
    """Return a year's public holidays with their names; none where the region is not known.

    Args:
        region: Country and region as in ISO 3166-2: ``DE-NW``.
        year: The year.
        language: ``de`` or ``en``; where the names are not known in it, they are in the country's own.
    """
    import holidays  # only once somebody asks for a day: it is 15 MiB and a quarter of a second

    country, _, part = region.partition("-")
    try:
        return dict(holidays.country_holidays(country, subdiv=part or None, years=year, language=_NAMES[language]))
    except NotImplementedError:
        return {}


def knows_holidays(region: str) -> bool:
    """Are the region's public holidays known? Takes a moment, so ``kumpel check`` asks, and no start."""
    import holidays

    country, _, part = region.partition("-")
    known = holidays.list_supported_countries()
    return country in known and (not part or part in known[country])
