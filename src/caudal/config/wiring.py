"""Every upward wire on one page: who listens to which news, in the order written here.

Words travel down (calls), news travels up (events). A listener runs synchronously inside the
transaction that announces; what leaves the database waits for commit.
"""


def connect() -> None:
    """Connect the listeners. Called once, when Django is ready."""
