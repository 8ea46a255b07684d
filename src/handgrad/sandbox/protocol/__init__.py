"""What the judge and its child both speak: frames, arrays inside them, and a case's script.

Standard library and NumPy only: the child loads this package without handgrad.
"""
