"""Spellings of a name: phonetic keys, similarity, and the look-up of aliases."""
