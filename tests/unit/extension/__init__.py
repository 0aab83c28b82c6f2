"""The extension's pure modules and house rules."""
