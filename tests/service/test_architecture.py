"""ARCHITECTURE.md names every file with the sentence its docstring begins with."""

import ast
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DOCUMENT: Final = ROOT / "ARCHITECTURE.md"
PACKAGES: Final = ("persian", "crawler", "storage", "alerts", "service")
BEGIN, END = "<!-- files: begin -->\n", "<!-- files: end -->\n"


def listing() -> str:
    """Compose the list of files, a heading per package, a line per file."""
    lines = []
    for package in PACKAGES:
        lines.append(f"\n### {package}/\n\n")
        files = sorted((ROOT / package).rglob("*.py"))
        lines += [_line(file) for file in files if file.name != "__init__.py"]
    return "".join(lines)


def _line(file: Path) -> str:
    sentence = (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").partition("\n")[0]
    return f"- `{file.relative_to(ROOT)}`: {sentence}\n"


def _parts() -> tuple[str, str, str]:
    before, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
    files, _, after = rest.partition(END)
    return before + BEGIN, files, END + after


def test_every_file_stands_in_the_architecture_with_its_own_first_sentence() -> None:
    assert _parts()[1] == listing(), "run: python -m tests.service.test_architecture"


def test_the_walk_is_told_on_one_screen() -> None:
    assert len((ROOT / "service" / "pipeline.py").read_text("utf-8").splitlines()) <= 180


if __name__ == "__main__":
    before, _, after = _parts()
    DOCUMENT.write_text(before + listing() + after, encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT.name} written\n")
