"""Believable German entries in any number, always the same ones, and a command that fills a directory with them.

An entry depends on the seed and on its number alone (and, for unique titles, on the entries before it): the first
1,000 of 10,000 are the 1,000. Only `Random.random` is asked, the one method whose numbers Python promises to keep, and
no day is taken from the calendar on the wall.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from itertools import batched, islice
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import wording
from wording import THEMES, Theme

from servicedir.directory import House, Outcome
from servicedir.domain.day import Day
from servicedir.domain.history import Kind
from servicedir.domain.service import (
    Channel,
    ChannelKind,
    Constraint,
    ConstraintKind,
    Effect,
    LegalBasis,
    Nature,
    Period,
    Requirement,
    Service,
    Stage,
    VideoNeeds,
)
from servicedir.domain.text import Text
from servicedir.exchange import toml
from servicedir.settings import Settings
