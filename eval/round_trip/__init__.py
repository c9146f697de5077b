"""What can be told of a way back from its texts alone: copies, changed numbers, other answers."""
