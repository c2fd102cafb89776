"""Rules that find names in Arabic script."""
