"""From characters to terms: folding, tokens, stems, sentences, dates, languages."""
