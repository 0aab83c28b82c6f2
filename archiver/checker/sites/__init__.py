"""What the checker knows of single sites."""
