"""Archives become shards, and shards archives."""
