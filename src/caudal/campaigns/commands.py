"""Verbs of campaigns and of the months they reduce."""

from caudal.campaigns.drafting import CampaignTerms as CampaignTerms
from caudal.campaigns.drafting import CannotDraftCampaign as CannotDraftCampaign
from caudal.campaigns.drafting import change_draft as change_draft
from caudal.campaigns.drafting import draft_campaign as draft_campaign
from caudal.campaigns.prepaid_commands import CannotEndPrepaidMonths as CannotEndPrepaidMonths
from caudal.campaigns.prepaid_commands import CannotKeepPrepaidMonths as CannotKeepPrepaidMonths
from caudal.campaigns.prepaid_commands import CannotSetPrepaymentPolicy as CannotSetPrepaymentPolicy
from caudal.campaigns.prepaid_commands import EndedMonths as EndedMonths
from caudal.campaigns.prepaid_commands import MonthTerms as MonthTerms
from caudal.campaigns.prepaid_commands import end_prepaid_months as end_prepaid_months
from caudal.campaigns.prepaid_commands import end_prepaid_of_closed as end_prepaid_of_closed
from caudal.campaigns.prepaid_commands import end_prepaid_of_credits as end_prepaid_of_credits
from caudal.campaigns.prepaid_commands import keep_prepaid_months as keep_prepaid_months
from caudal.campaigns.prepaid_commands import set_prepayment_policy as set_prepayment_policy
from caudal.campaigns.publishing import CannotKeepCouncilAgreement as CannotKeepCouncilAgreement
from caudal.campaigns.publishing import CannotPublishCampaign as CannotPublishCampaign
from caudal.campaigns.publishing import CannotWithdrawCampaign as CannotWithdrawCampaign
from caudal.campaigns.publishing import approve_publication as approve_publication
from caudal.campaigns.publishing import ask_to_publish as ask_to_publish
from caudal.campaigns.publishing import keep_council_agreement as keep_council_agreement
from caudal.campaigns.publishing import publish_campaign as publish_campaign
from caudal.campaigns.publishing import withdraw_campaign as withdraw_campaign
from caudal.campaigns.waiving import take_back_waivers as take_back_waivers
from caudal.campaigns.waiving import waive_by_policy as waive_by_policy
from caudal.campaigns.waiving import waive_for_arrangement as waive_for_arrangement
from caudal.campaigns.waiving import waive_single_payment as waive_single_payment
