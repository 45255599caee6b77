"""The trie: the same finds as word by word, memory that stays bounded."""

from hypothesis import given, settings
from hypothesis import strategies as st

from persian.atoms import split
from persian.fold import fold
from storage.evaluate import Analysed
from storage.query import Term, TextField
from storage.trie import Trie
from tests.storage.newsroom import document, terms, texts


@settings(deadline=None)
@given(st.lists(terms(), min_size=1, max_size=8), texts())
def test_one_walk_finds_what_looking_up_word_by_word_finds(asked: list[Term], text: str) -> None:
    trie = Trie()
    for term in asked:
        trie.add(term)
    written = document(body=text)
    walked, looked_up = Analysed(written, trie), Analysed(written)
    for term in asked:
        assert walked.spans(term, TextField.BODY) == looked_up.spans(term, TextField.BODY)


def test_a_term_has_one_number() -> None:
    trie = Trie()
    assert (trie.add(Term(text="مس")), trie.add(Term(text="طلا"))) == (0, 1)
    assert trie.add(Term(text="مس")) == 0
    assert trie.number(Term(text="طلا")) == 1
    assert trie.number(Term(text="نقره")) is None
    assert len(trie) == 2


def test_words_beyond_the_limit_are_forgotten_and_found_all_the_same() -> None:
    trie = Trie(most_entries=3)
    number = trie.add(Term(text="معدن مس", quoted=True))
    for word in ("یک", "دو", "سه", "چهار", "پنج"):
        found = trie.find(split(fold(f"{word} معدن مس {word}")))
        assert list(found.spans(number)) == [(1, 3)]
        assert found.numbers == {number}
