"""The gradient checkers that people use, each called as its own manual says, behind one face."""
