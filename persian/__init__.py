"""The Persian language as the press writes it: folding, words, dates, digits."""
