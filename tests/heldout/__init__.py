"""Answers by authors who had read the statements and not the catalogue, and what is said of them."""
