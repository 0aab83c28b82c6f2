"""Where things are kept: tables, the only queries, blobs."""
