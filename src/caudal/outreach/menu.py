"""What outreach brings to the side menu."""

from caudal.access import policy
from caudal.kernel.menu import Entry

ENTRIES = [
    Entry("Difusión", "speakerphone", "outreach", policy.READ_CAMPAIGNS, group="Trámites y apoyos", order=48)
]
