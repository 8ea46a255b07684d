"""A draft in the child: run on one small case and traced, for the shapes beside its lines."""
