"""Questions about payment agreements: what one would be, how one stands, how all of them survive. Never written."""

from caudal.arrangements.queries.finding import UnknownArrangement as UnknownArrangement
from caudal.arrangements.queries.finding import arrangement_by_folio as arrangement_by_folio
from caudal.arrangements.queries.finding import arrangements as arrangements
from caudal.arrangements.queries.finding import due_on_day as due_on_day
from caudal.arrangements.queries.finding import find as find
from caudal.arrangements.queries.finding import live_of as live_of
from caudal.arrangements.queries.finding import overdue as overdue
from caudal.arrangements.queries.policies import NoArrangementPolicy as NoArrangementPolicy
from caudal.arrangements.queries.policies import policies as policies
from caudal.arrangements.queries.policies import policy_on as policy_on
from caudal.arrangements.queries.simulating import DebtLine as DebtLine
from caudal.arrangements.queries.simulating import Simulation as Simulation
from caudal.arrangements.queries.simulating import has_defaulted as has_defaulted
from caudal.arrangements.queries.simulating import simulate as simulate
from caudal.arrangements.queries.simulating import suggest_terms as suggest_terms
from caudal.arrangements.queries.simulating import usual_terms as usual_terms
from caudal.arrangements.queries.standings import InstallmentRow as InstallmentRow
from caudal.arrangements.queries.standings import Standing as Standing
from caudal.arrangements.queries.standings import standing as standing
from caudal.arrangements.queries.standings import standings as standings
from caudal.arrangements.queries.surviving import SurvivalRow as SurvivalRow
from caudal.arrangements.queries.surviving import kept_ppm as kept_ppm
from caudal.arrangements.queries.surviving import survival as survival
