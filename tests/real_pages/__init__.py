"""Saved pages of real sites: kept beside the checkout, never in it. What is known of them here is
counts, and salted hashes of a sample's fields."""
