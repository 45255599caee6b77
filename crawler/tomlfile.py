"""Reads one TOML file into a value, and says in plain lines what is wrong with it."""

import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from crawler.errors import CatalogueError

Value = TypeVar("Value")
Table = dict[str, Any]


def read_table(path: Path) -> Table:
    """Read `path` as TOML; raise CatalogueError with one line when it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogueError((f"{path}: cannot be read: {error.strerror}",)) from error
    except UnicodeDecodeError as error:
        raise CatalogueError((f"{path}: is not UTF-8 at byte {error.start}",)) from error
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError((f"{path}: is not TOML: {error}",)) from error


def validate(table: Mapping[str, object], adapter: TypeAdapter[Value], place: str) -> Value:
    """Turn `table` into a value of the adapter's type; raise CatalogueError, a line per problem."""
    try:
        return adapter.validate_python(dict(table))
    except ValidationError as error:
        schema = adapter.json_schema()
        lines = tuple(_line(problem, place, schema) for problem in error.errors())
        raise CatalogueError(lines) from error


def _line(problem: Mapping[str, Any], place: str, schema: Mapping[str, Any]) -> str:
    location: tuple[str | int, ...] = problem["loc"]
    key = _spell(location)
    match problem["type"]:
        case "missing":
            return f"{place}: {key}: is missing"
        case "unexpected_keyword_argument" | "extra_forbidden":
            known = _known_keys(schema, location[:-1])
            return f"{place}: {key}: unknown key{did_you_mean(str(location[-1]), known)}"
        case "enum" | "literal_error":
            return f"{place}: {key}: {_choice(problem)}"
        case _:
            reason = str(problem["msg"]).removeprefix("Value error, ")
            return f"{place}: {key}: {reason}; found {problem['input']!r}"


def _choice(problem: Mapping[str, Any]) -> str:
    allowed = str(problem["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
    hint = did_you_mean(str(problem["input"]), allowed.split(", "))
    return f"{problem['input']!r} is not allowed{hint}; allowed: {allowed}"


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Say which known word was probably meant, else list all of them."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f" (did you mean {near[0]!r}?)"
    return f" (known: {', '.join(known)})" if known else ""


def _spell(location: Sequence[str | int]) -> str:
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".") or "file"


def _known_keys(schema: Mapping[str, Any], location: Sequence[str | int]) -> list[str]:
    node: Mapping[str, Any] = schema
    for part in location:
        node = _resolve(node, schema)
        node = node.get("items", {}) if isinstance(part, int) else node["properties"].get(part, {})
    return list(_resolve(node, schema).get("properties", {}))


def _resolve(node: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    for branch in node.get("anyOf", ()):
        if "$ref" in branch or "properties" in branch:
            return _resolve(branch, schema)
    if "$ref" in node:
        found: Mapping[str, Any] = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        return found
    return node


def allowed_values(choices: type[Enum]) -> tuple[str, ...]:
    """List the words a file may use for an enumerated key."""
    return tuple(str(choice.value) for choice in choices)
