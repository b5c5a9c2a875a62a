"""What payment agreements announce, inside the transaction in which it happens."""

from dataclasses import dataclass

from caudal.arrangements.models import ArrangementEnd, PaymentArrangement


@dataclass(frozen=True, slots=True)
class ArrangementSigned:
    """A debt became installments."""

    arrangement: PaymentArrangement


@dataclass(frozen=True, slots=True)
class ArrangementFinished:
    """All of it was paid."""

    end: ArrangementEnd


@dataclass(frozen=True, slots=True)
class ArrangementDefaulted:
    """It was not kept: the debt is owed again as it would have been."""

    end: ArrangementEnd


@dataclass(frozen=True, slots=True)
class ArrangementCanceled:
    """It was signed by mistake and never counted."""

    end: ArrangementEnd
