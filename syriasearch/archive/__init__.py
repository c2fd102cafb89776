"""The object that users open, and what it reads and writes."""
