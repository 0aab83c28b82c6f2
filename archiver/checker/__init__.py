"""Wall to verdict: looking at pages and judging what was seen."""
