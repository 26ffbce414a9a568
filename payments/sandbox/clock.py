"""The stand-in's movable clock."""

import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Clock:
    """Real time plus the decimal seconds that stand in a file; a missing or empty file adds nothing."""

    offset_file: Path | None = None

    def now(self) -> float:
        """Seconds since 1970 UTC. Raises ValueError if the file holds anything but a number."""
        return time.time() + self._offset()

    def _offset(self) -> float:
        if self.offset_file is None:
            return 0.0
        try:
            text = self.offset_file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return 0.0
        return float(text) if text else 0.0
