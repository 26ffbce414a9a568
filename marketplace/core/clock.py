"""The one clock. Instants are aware and in UTC; tests and the demo move it through a file, never by sleeping."""

from datetime import UTC, datetime, timedelta
from pathlib import Path


class Clock:
    """Real time plus the seconds that the file holds; no file, an empty one or none configured: real time."""

    def __init__(self) -> None:
        self._offset_file: Path | None = None

    def follow(self, offset_file: Path | None) -> None:
        self._offset_file = offset_file

    def offset(self) -> timedelta:
        if self._offset_file is None:
            return timedelta(0)
        try:
            text = self._offset_file.read_text().strip()
        except FileNotFoundError:
            return timedelta(0)
        return timedelta(seconds=float(text or 0))

    def move_to(self, offset: timedelta) -> None:
        """Only where a movable clock is configured. The file is replaced whole, since others read it meanwhile."""
        if self._offset_file is None:
            raise RuntimeError("The clock cannot be moved: CLOCK_OFFSET_FILE is not set.")
        draft = self._offset_file.with_suffix(".new")
        draft.write_text(str(offset.total_seconds()))
        draft.replace(self._offset_file)


CLOCK = Clock()


def utcnow() -> datetime:
    return datetime.now(UTC) + CLOCK.offset()
