"""The index of an archive: postings as arrays, the vocabulary, near-duplicates."""
