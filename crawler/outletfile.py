"""Writes an outlet's TOML file from its table of values."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime


def outlet_toml(table: Mapping[str, object]) -> str:
    """Return the text of an outlet's file; reading it back gives the same table.

    Texts, numbers, booleans, dates, lists of them, tables, and lists of tables. Absent values
    (None, empty texts and lists) are left out.
    """
    return "\n".join(_table(table, ())).lstrip("\n") + "\n"


def _table(table: Mapping[str, object], path: tuple[str, ...]) -> Iterator[str]:
    present = {key: value for key, value in table.items() if _is_there(value)}
    for key, value in present.items():
        if not isinstance(value, Mapping) and not _is_list_of_tables(value):
            yield f"{key} = {_value(value)}"
    for key, value in present.items():
        name = (*path, key)
        if isinstance(value, Mapping):
            yield f"\n[{'.'.join(name)}]"
            yield from _table(value, name)
        elif _is_list_of_tables(value):
            for part in value:  # type: ignore[attr-defined]  # a list, as was just seen
                yield f"\n[[{'.'.join(name)}]]"
                yield from _table(part, name)


def _is_there(value: object) -> bool:
    return value is not None and value not in ("", [], (), {})


def _is_list_of_tables(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(part, Mapping) for part in value)


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            # a JSON text is a TOML text, except that TOML wants DEL escaped too
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case datetime():
            return value.isoformat()
        case list() | tuple():
            return _list(value)
        case _:
            raise TypeError(f"{value!r} has no place in an outlet's file")


def _list(values: Iterable[object]) -> str:
    return f"[{', '.join(_value(value) for value in values)}]"
