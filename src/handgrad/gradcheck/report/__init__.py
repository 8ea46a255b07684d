"""What a check found, as data, as text and as a page for a notebook."""
