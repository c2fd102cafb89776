"""A search, from a request to a page: scoring, passages, snippets, facets."""
