"""What can be wrong with a query: every fault, in words with {places} for what was typed."""

from enum import Enum


class Fault(Enum):
    """One thing that can be wrong; its value is what is said, and what to type instead."""

    NOTHING_OPENED = (
        "the quotation mark {mark} closes nothing",
        'open the phrase with « or " before its first word',
    )
    NEVER_CLOSED = (
        "the quotation mark {mark} is never closed",
        "close the phrase with {closing}, or leave the mark out",
    )
    BARE_EXACT = (
        "«=» needs a word right after it",
        'write =معدن, or ="a phrase", for the exact form',
    )
    MISTYPED_FIELD = (
        "there is no field «{field}:»",
        "did you mean {near}:? The fields are {fields}; quote a text that holds a colon",
    )
    UNKNOWN_FIELD = (
        "there is no field «{field}:»",
        "the fields are {fields}; quote a text that holds a colon",
    )
    BAD_DISTANCE = (
        "NEAR/{distance} has no usable distance",
        "give a number of words from 1 to {longest}, as in NEAR/10",
    )
    TOO_LONG = (
        "the query is longer than {longest} characters",
        "split it into several rules, or make it a topic",
    )
    EMPTY = ("the query is empty", "type a word, or * for every article")
    STRAY_CLOSING = ("this ) closes nothing", "remove it, or add ( before")
    NOT_LOCATED = (
        "NEAR measures between words, phrases and (a OR b) only",
        'quote a phrase, as in مس NEAR/10 (معدن OR "کارخانه ذوب"); join the rest with AND',
    )
    BARE_NEAR = ("NEAR has nothing on its left", "put a word before NEAR")
    EMPTY_GROUP = ("there is nothing before this )", "put a word into the brackets")
    ENDS_EARLY = ("the query ends too early", "add a word after the last operator")
    BARE_OPERATOR = ("this operator has nothing on its left", "put a word before it")
    OPEN_GROUP = ("this ( is never closed", "add ) where the group ends")
    TOO_DEEP = ("more than {deepest} levels of brackets, NOT or NEAR", "simplify the query")
    DISTANCE_APART = ("the distance stands apart from NEAR", "write it as NEAR/10")
    INNER_STAR = ("* can only end a word", "search معدن* for all that begins so")
    NO_WORD = ("there is no word here to search for", "type letters or digits")
    EXACT_STAR = ("= and * contradict each other", "choose one of them")
    LOOSE_STAR = ("* must follow a letter or digit", "write it as معدن*")
    SHORT_STAR = ("one letter and * would find nearly everything", "type more letters")
    MIXED_FIELD = (
        "{field}: holds another field, a date or *",
        "give {field}: words and phrases only, and add the rest with AND",
    )
    NO_VALUE = ("{field}: has no value", "write {field}:{example}")
    NO_DATE_VALUE = (
        "{field}: has no value",
        "write after:1404/01/31, before:2025-03-21, on:1404/05 or last:7d",
    )
    NO_DATE = (
        "«{given}»: this is no date",
        "write after:1404/01/31, before:2025-03-21, on:1404/05 or last:7d",
    )
    NO_SUCH_DAY = (
        "«{given}»: there is no such day in the calendar",
        "write after:1404/01/31, before:2025-03-21, on:1404/05 or last:7d",
    )
    NO_LENGTH = (
        "«{given}»: this is no length of time",
        "write after:1404/01/31, before:2025-03-21, on:1404/05 or last:7d",
    )
    OPEN_FACTS = ("{field}: takes one value, or (a OR b)", "close the bracket")
    UNKNOWN_ROLE = ("«{given}» is no role of an outlet", "choose one of {known}")
    UNKNOWN_KIND = ("«{given}» is no kind of article", "choose one of {known}")
    BAD_LANGUAGE = ("«{given}» is no language", "write a code such as fa, ar, ckb, en")
    BAD_TOPIC = ("«{given}» is no topic", "write a topic's id such as copper")
    UNKNOWN_TOPIC = ("«{given}» is no topic", "the topics are {known}")

    @property
    def message(self) -> str:
        """What is wrong."""
        return self.value[0]

    @property
    def hint(self) -> str:
        """What to type instead."""
        return self.value[1]
