"""The HTTP face: parse, call a service, answer."""
