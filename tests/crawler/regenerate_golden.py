"""Write expected.json of every golden page anew (or of those named): review the diff, then commit.

python -m tests.crawler.regenerate_golden [CASE ...]
"""

import json
import sys

from tests.crawler.golden import CASES, FOLDER, read_case


def main(names: list[str]) -> None:
    """Regenerate the named cases, or all."""
    for name in names or CASES:
        text = json.dumps(read_case(name), ensure_ascii=False, indent=2) + "\n"
        (FOLDER / name / "expected.json").write_text(text, encoding="utf-8")
        print(name)


if __name__ == "__main__":
    main(sys.argv[1:])
