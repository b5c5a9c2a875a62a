"""Verbs of benefits: register, renew, note who lives there, end with a reason, and look at a document on the record."""

from caudal.benefits.commands.deciding import CannotDecidePolicy, decide_policy
from caudal.benefits.commands.ending import CannotLoseBenefit, expire_lapsed, lose_benefit
from caudal.benefits.commands.looking import CannotReadEvidence, note_export, open_photo, read_evidence
from caudal.benefits.commands.registering import CannotRegisterBenefit, Shown, register_benefit, renew_benefit
from caudal.benefits.commands.visiting import CannotNoteVisit, note_visit

__all__ = [
    "CannotDecidePolicy",
    "CannotLoseBenefit",
    "CannotNoteVisit",
    "CannotReadEvidence",
    "CannotRegisterBenefit",
    "Shown",
    "decide_policy",
    "expire_lapsed",
    "lose_benefit",
    "note_export",
    "note_visit",
    "open_photo",
    "read_evidence",
    "register_benefit",
    "renew_benefit",
]
