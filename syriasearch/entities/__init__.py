"""Named entities: the gazetteer, their recognition, and their rows in the archive."""
