"""Assemble the stages and expose them."""
