"""Ingest: from files to stored articles."""
