"""From articles to an archive of stories that can be asked."""
