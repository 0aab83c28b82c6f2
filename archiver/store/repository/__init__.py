"""The only queries, one file for each kind of thing. All take a session of the caller."""
