"""Questions about reports: how far one is, which there are, what is near, what is claimed."""

from caudal.cases.queries.claimed import Claim as Claim
from caudal.cases.queries.claimed import claimable as claimable
from caudal.cases.queries.claimed import open_claims as open_claims
from caudal.cases.queries.finding import CaseNotFound as CaseNotFound
from caudal.cases.queries.finding import Near as Near
from caudal.cases.queries.finding import Shown as Shown
from caudal.cases.queries.finding import Standing as Standing
from caudal.cases.queries.finding import case_by_folio as case_by_folio
from caudal.cases.queries.finding import find as find
from caudal.cases.queries.finding import near as near
from caudal.cases.queries.finding import rules as rules
from caudal.cases.queries.finding import standing as standing
from caudal.cases.queries.finding import survivor as survivor
from caudal.cases.queries.finding import with_those_merged as with_those_merged
