"""Filling of a cluster: a run prepares articles on many machines, and stores them in shards."""
