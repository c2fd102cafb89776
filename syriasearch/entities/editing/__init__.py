"""Corrections of entities: their kinds, their scope, and how they are written."""
