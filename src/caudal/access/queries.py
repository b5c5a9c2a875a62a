"""Questions about the people who work here."""

from dataclasses import dataclass
from datetime import datetime

from caudal.access.models import Clerk


@dataclass(frozen=True, slots=True)
class ClerkRow:
    """One person of the list."""

    username: str
    full_name: str
    role: str
    role_name: str
    is_active: bool
    last_seen_at: datetime | None


def clerks(*, only_active: bool = False) -> list[ClerkRow]:
    """Everybody who may sign in, or once could, by user name."""
    people = Clerk.objects.filter(is_active=True) if only_active else Clerk.objects.all()
    return [
        ClerkRow(
            clerk.username, clerk.full_name, clerk.role, clerk.get_role_display(), clerk.is_active, clerk.last_login
        )
        for clerk in people.order_by("username")
    ]  # fmt: skip


def names_of(*, usernames: set[str]) -> dict[str, str]:
    """User name → the name people call that clerk; who is not a clerk here is left out."""
    return {clerk.username: clerk.full_name for clerk in Clerk.objects.filter(username__in=usernames)}
