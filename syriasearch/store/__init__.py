"""The SQLite file: its schema, connections to it, and its tables."""
