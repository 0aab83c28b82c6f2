"""Bytes to proof: statements, the Merkle log, time stamps, bundles."""
