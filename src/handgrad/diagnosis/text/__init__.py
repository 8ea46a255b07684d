"""What a verdict says, in Chinese and English."""
