"""Queries: the grammar, the plan, and the words and names of the archive that a query refers to."""
