"""Say in the reader's language why a parameter of an address cannot be used."""

from collections.abc import Mapping
from typing import Any

from service.web.words import Words


def say_invalid(words: Words, problem: Mapping[str, Any]) -> str:
    """Return a sentence for one problem of pydantic's list: its `type`, `loc`, `input`, `ctx`."""
    field, context = f"\u2068{problem['loc'][1]}\u2069", problem.get("ctx") or {}
    given = f"\u2068{str(problem.get('input', ''))[:40]}\u2069"
    match problem["type"]:
        case "missing":
            return words.say("The address lacks «{field}».", field=field)
        case "int_parsing" | "int_from_float" | "int_parsing_size":
            return words.say("«{field}» must be a number, not {given}.", field=field, given=given)
        case "greater_than_equal":
            return words.say(
                "«{field}» must be at least {least}.", field=field, least=context["ge"]
            )
        case "less_than_equal":
            return words.say("«{field}» must be at most {most}.", field=field, most=context["le"])
        case "enum":
            known = f"\u2068{context['expected']}\u2069"
            return words.say("«{field}» must be one of {known}.", field=field, known=known)
        case _:
            return words.say("«{field}» cannot be used as it is.", field=field)
