"""The extension in a real Firefox ESR, used as a person uses it."""
