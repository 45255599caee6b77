"""An error that can be said in any language: a sentence with {places}, and what stands in them."""


class Worded(Exception):  # noqa: N818  # no error by itself: the roots of the trees inherit from it
    """`sentence` is English and `str()` is it with `values` in its {places}.

    Whoever speaks to a person in another language translates the sentence and fills in the values.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        self.sentence = sentence
        self.values = values
        super().__init__(sentence.format(**values) if values else sentence)
