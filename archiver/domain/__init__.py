"""The nouns. No I/O and no clock."""
