"""What the API gives back: frozen dataclasses."""
