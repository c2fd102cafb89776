"""Arrays that tell which articles have a term: postings, the vocabulary, near-duplicates."""
