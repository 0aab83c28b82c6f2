"""End-to-end tests: real extension, real browsers, real walls, the service as a process."""

import pytest

# What it asserts, it asserts for the tests of several browsers.
pytest.register_assert_rewrite("tests.e2e.extension.situations")
