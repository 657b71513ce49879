"""The one door: whatever reads or writes the catalogue goes through a Directory.

A `House` is what one process keeps (database, index, small nouns); a `Directory` is one unit of work on it, with a
smaller door for each task beside the entries themselves (`directory.hints`, `directory.previews`, …).
"""

from servicedir.directory.door import Directory
from servicedir.directory.house import House
from servicedir.directory.outcomes import Forbidden, Outcome, Refused
from servicedir.domain.moment import CITY_TIME

__all__ = ["CITY_TIME", "Directory", "Forbidden", "House", "Outcome", "Refused"]
