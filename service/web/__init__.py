"""The pages and the JSON API of one archive."""
