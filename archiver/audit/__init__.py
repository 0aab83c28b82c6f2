"""Verdicts to figures."""
