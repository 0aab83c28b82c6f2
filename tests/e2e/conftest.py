"""End-to-end tests: real extension, real Chromium, real walls, the service as a process."""
