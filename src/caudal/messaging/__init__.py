"""What is told to citizens: texts kept until a channel takes them, and what became of each."""
