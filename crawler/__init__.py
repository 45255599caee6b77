"""From outlets to articles: discover, fetch, extract."""
