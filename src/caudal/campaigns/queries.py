"""Questions about campaigns and what they forgave; they never write."""

from caudal.campaigns.offering import Grant as Grant
from caudal.campaigns.offering import Offer as Offer
from caudal.campaigns.offering import OfferedRule as OfferedRule
from caudal.campaigns.offering import OfferLine as OfferLine
from caudal.campaigns.offering import campaigns_in_force as campaigns_in_force
from caudal.campaigns.offering import offers as offers
from caudal.campaigns.offering import waived_by_payment as waived_by_payment
from caudal.campaigns.prepaid_policy import MonthTerms as MonthTerms
from caudal.campaigns.prepaid_policy import Payer as Payer
from caudal.campaigns.prepaid_queries import PrepaymentRule as PrepaymentRule
from caudal.campaigns.prepaid_queries import billed_periods as billed_periods
from caudal.campaigns.prepaid_queries import last_prepaid_period as last_prepaid_period
from caudal.campaigns.prepaid_queries import locality_code as locality_code
from caudal.campaigns.prepaid_queries import prepaid_ppm as prepaid_ppm
from caudal.campaigns.prepaid_queries import prepaid_reserved as prepaid_reserved
from caudal.campaigns.prepaid_queries import prepaid_rows as prepaid_rows
from caudal.campaigns.prepaid_queries import prepayment_campaigns as prepayment_campaigns
from caudal.campaigns.prepaid_queries import prepayment_policies as prepayment_policies
from caudal.campaigns.prepaid_queries import prepayment_policy as prepayment_policy
from caudal.campaigns.prepaid_queries import prepayment_rule as prepayment_rule
