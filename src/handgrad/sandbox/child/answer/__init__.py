"""An answer in the child: read, loaded, run on the cases of a job, its results sent back."""
