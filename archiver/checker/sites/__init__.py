"""What is known of single sites: one data file each in `extension/sites`, read by both sides."""

from archiver.checker.sites.load import SITES, load
from archiver.checker.sites.model import Site

__all__ = ["SITES", "Site", "load"]
