"""Hits and archives in forms for other programs: citations, CSV, Atom, Datasette."""
