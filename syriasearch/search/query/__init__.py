"""A query: its grammar, its plan, and the words and names of the archive that it means."""
