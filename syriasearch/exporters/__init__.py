"""Formats for other programs: citations, CSV, Atom, Datasette."""
