"""Rature's core: capture, prove, check."""
