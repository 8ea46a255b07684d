"""The messages of a verdict, in Chinese and English."""
