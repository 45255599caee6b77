"""docs/settings.md names every setting with its default and what it does."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from service.settings import Settings

PAGE: Final = Path(__file__).parents[2] / "docs" / "settings.md"
HEAD: Final = """# Settings

`rasad.toml` in the working folder, or the file that `--settings` or `RASAD_SETTINGS` names. A
setting `smtp.host` is `RASAD_SMTP__HOST` in the environment, which wins; lists are written as in
TOML. A name that ends in `_FILE` names a file whose content is the value. This page is made from
the code: `python -m tests.service.test_settings_page`.
"""


def page() -> str:
    """Compose the page."""
    parts = [HEAD, *_section("", Settings)]
    for name, field in Settings.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            parts += _section(name, section)
    return "\n".join(parts) + "\n"


def _section(name: str, model: type[BaseModel]) -> Iterator[str]:
    said = (model.__doc__ or "").strip()
    yield f"\n## {f'[{name}]' if name else 'General'}\n\n{said}\n"
    yield "| setting | default | what it does |\n|---|---|---|"
    for key, field in model.model_fields.items():
        if field.description is not None:
            yield f"| `{key}` | {_default(field)} | {field.description} |"


def _default(field: FieldInfo) -> str:
    value = field.default
    if value in {None, ()}:
        return "–"
    return "…" if isinstance(value, SecretStr) else f"`{value}`"


def test_every_setting_says_what_it_does() -> None:
    for field in _fields(Settings):
        assert field.description, field


def _fields(model: type[BaseModel]) -> Iterator[FieldInfo]:
    for field in model.model_fields.values():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _fields(inner)
        else:
            yield field


def test_the_page_of_settings_is_the_code() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python -m tests.service.test_settings_page"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} written\n")
