"""The report of a check: as text, as a map of wrong entries, and for a notebook."""
