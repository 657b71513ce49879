"""Opening hours as offices write them, read by programs where that is possible without guessing."""

from __future__ import annotations

import re

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_NAMES = {
    name: number
    for number, names in enumerate(
        (
            "mo montag monday mon",
            "di dienstag tuesday tue tu",
            "mi mittwoch wednesday wed we",
            "do donnerstag thursday thu th",
            "fr freitag friday fri",
            "sa samstag saturday sat sonnabend",
            "so sonntag sunday sun su",
        )
    )
    for name in names.split()
}
_DAY = rf"(?:{'|'.join(sorted(_NAMES, key=len, reverse=True))})\.?"
_SPAN = rf"{_DAY}(?:\s*(?:[-–—]|bis|to)\s*{_DAY})?"
_TIME = r"\d{1,2}(?:[:.]\d\d)?"
_TIMES = rf"{_TIME}(?:\s*uhr)?\s*(?:[-–—]|bis|to)\s*{_TIME}"
_AND = r"(?:\s*[,;+&/]\s*|\s+(?:und|and)\s+)"
_LINE = re.compile(
    rf"(?P<days>{_SPAN}(?:{_AND}{_SPAN})*)\s*:?\s*(?:von\s+)?(?P<times>{_TIMES}(?:\s*uhr)?(?:{_AND}(?:von\s+)?{_TIMES}(?:\s*uhr)?)*)",
    re.IGNORECASE,
)
_APART = re.compile(r"\s*(?:[-–—]|\bbis\b|\bto\b)\s*", re.IGNORECASE)


def opening_hours(text: str) -> list[str]:
    """Return hours as schema.org writes them, such as "Mo-Fr 08:00-12:00"; nothing at all if one line is unclear."""
    found: list[str] = []
    for line in filter(None, (line.strip().rstrip(".") for line in text.splitlines())):
        match = _LINE.fullmatch(line)
        read = _read(match["days"], match["times"]) if match else []
        if not read:
            return []
        found += read
    return found


def _read(days: str, times: str) -> list[str]:
    spans = [
        [_NAMES[name.rstrip(".").lower()] for name in _APART.split(span)] for span in re.findall(_SPAN, days, re.I)
    ]
    hours = ["-".join(filter(None, map(_clock, _APART.split(one)))) for one in re.findall(_TIMES, times, re.I)]
    if any(first > last for first, *rest in spans for last in rest) or any(not _is_span(one) for one in hours):
        return []
    said = ["-".join(_DAYS[day] for day in span) for span in spans]
    return [f"{day} {hour}" for day in said for hour in hours]


def _clock(text: str) -> str:
    hour, _mark, minute = re.sub(r"\s*uhr", "", text.strip(), flags=re.I).replace(".", ":").partition(":")
    at = (int(hour), int(minute or 0))
    return f"{at[0]:02}:{at[1]:02}" if at <= (24, 0) and at[1] < 60 else ""


def _is_span(hours: str) -> bool:
    first, _mark, last = hours.partition("-")
    return bool(last) and first < last
