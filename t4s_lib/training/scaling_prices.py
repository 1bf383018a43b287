"""What an hour of a GPU costs: an assumption with a date, for want of a price list.

Prices differ fivefold between providers and change by the month. So each is an
argument (``--price "H100 80 GB=2.10"``), and the page says which ones it used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from t4s_lib.training.gpus import GPUS

DATED = "May 2026"


class Price(NamedTuple):
    """What an hour costs.

    Attributes:
        dollars: US dollars an hour of one GPU, on demand.
        source: Where it is from, or that it is assumed.
    """

    dollars: float
    source: str


_ASSUMED = "assumed, no index found"
_RANGE = "assumed, within the 1.10 to 3.00 that Mercatus gives"
PRICES: dict[str, Price] = {
    "T4 16 GB": Price(0.35, _ASSUMED),
    "RTX 4090 24 GB": Price(0.50, _ASSUMED),
    "L4 24 GB": Price(0.70, _ASSUMED),
    "A100 40 GB": Price(1.30, _ASSUMED),
    "L40S 48 GB": Price(1.20, _ASSUMED),
    "A100 80 GB": Price(1.80, _RANGE),
    "H100 80 GB": Price(2.95, "AIMultiple's median of 37 providers, 20 May 2026"),
}
"""By GPU, in ``DATED``."""


def prices(changes: Sequence[str] = ()) -> dict[str, Price]:
    """The assumed prices, with some replaced.

    Args:
        changes: Each ``NAME=DOLLARS``.

    Raises:
        ValueError: If a GPU is unknown, or a price no number above 0.

    Examples:
        >>> prices(["H100 80 GB=2"])["H100 80 GB"]
        Price(dollars=2.0, source='given')
    """
    found = dict(PRICES)
    for change in changes:
        name, _, value = change.partition("=")
        if name not in found:
            known = ", ".join(gpu.name for gpu in GPUS)
            raise ValueError(f"price is of {name!r}, expected one of {known}")
        found[name] = Price(_dollars(value), "given")
    return found


def _dollars(value: str) -> float:
    try:
        dollars = float(value)
    except ValueError:
        dollars = 0.0
    if not 0 < dollars < float("inf"):
        raise ValueError(f"price is {value!r}, expected dollars an hour, above 0")
    return dollars
