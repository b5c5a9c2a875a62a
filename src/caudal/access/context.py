"""What every page of the shell shows: whose utility it is, the menu of this clerk, today."""

from typing import Any

from django.http import HttpRequest

from caudal.access import door, policy
from caudal.access.models import Clerk
from caudal.kernel import clock, menu
from caudal.kernel.models import Utility


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor; costs one query, and none on a page that shows no shell."""
    clerk = getattr(request, "user", None)
    acts = policy.acts_of(clerk=clerk) if isinstance(clerk, Clerk) else frozenset()
    return {
        "utility": Utility.objects.defer("logo").first(),
        "menu": menu.for_acts(acts=acts, path=request.path),
        "acts": acts,
        "today": clock.today(),
        "lock_after_seconds": int(door.IDLE.total_seconds()) if door.is_awake(request=request) else 0,
    }
