"""Characters to terms: folding, tokens, stems, stop words, sentences, and dates in texts."""
