"""Rules that find names which the gazetteer does not have."""
