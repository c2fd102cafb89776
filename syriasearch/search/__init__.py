"""Search, from a request to a page of hits: scoring, passages, snippets, facets."""
