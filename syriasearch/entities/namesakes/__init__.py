"""Who is not a known person, although the name is the same."""
