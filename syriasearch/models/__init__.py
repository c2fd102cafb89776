"""The results of the API: frozen dataclasses."""
