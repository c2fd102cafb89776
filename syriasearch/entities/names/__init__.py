"""Spellings of names: phonetic keys, similarity, and the look-up of aliases."""
