"""Corrections of entities: what they are, whom they affect, and how they are written."""
