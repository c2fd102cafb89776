"""Recognition of named entities, and what is kept of them."""
