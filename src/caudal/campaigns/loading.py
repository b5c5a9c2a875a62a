"""Where accounts stand in the padrón, out of the database as columns: for one account or for all."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from caudal.campaigns.planning import Places
from caudal.registry.models import ServiceAgreement


def places(*, account_ids: Sequence[int] | None, on: date) -> Places:
    """Use, locality and regime of these accounts (None: all) by the newest agreement a day knows.

    An account that was closed keeps those of its last one: what it owes may still be forgiven.
    """
    agreements = ServiceAgreement.objects.filter(effective_from__lte=on)
    if account_ids is not None:
        agreements = agreements.filter(account_id__in=list(account_ids))
    rows = list(
        agreements.order_by("account_id", "-effective_from")
        .distinct("account_id")
        .values_list(
            "account_id",
            "tariff_class__use",
            "service_point__premise__locality__code",
            "is_metered",
        )
    )
    return Places(
        account_id=np.array([row[0] for row in rows], dtype=np.int64),
        use=np.array([row[1] for row in rows], dtype=np.str_),
        locality=np.array([row[2] for row in rows], dtype=np.str_),
        is_metered=np.array([row[3] for row in rows], dtype=bool),
    )
