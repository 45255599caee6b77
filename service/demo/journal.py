"""A file that remembers what arrived, so that a demo that was killed knows it when it goes on."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Journal:
    """A list of records in a file of JSON lines; without a path it remembers nothing.

    A record is written whole before its sender is told that it arrived. A last line that a kill cut
    short was never acknowledged: it is left out, and cut off before the next record.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def read(self) -> tuple[dict[str, Any], ...]:
        """Return the records in order."""
        return tuple(json.loads(line) for line in self._whole_lines())

    def mend(self) -> None:
        """Cut off a record that was not written whole."""
        if self._path is not None and self._path.exists():
            self._path.write_bytes(b"".join(self._whole_lines()))

    def append(self, record: Mapping[str, Any]) -> None:
        """Write one record."""
        if self._path is None:
            return
        line = json.dumps(record, ensure_ascii=False) + "\n"
        with self._path.open("ab", buffering=0) as file:
            file.write(line.encode())

    def _whole_lines(self) -> list[bytes]:
        if self._path is None or not self._path.exists():
            return []
        lines = self._path.read_bytes().splitlines(keepends=True)
        return [line for line in lines if line.endswith(b"\n")]
