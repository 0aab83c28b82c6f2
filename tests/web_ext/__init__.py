"""Mozilla's linter over the package for Firefox."""
