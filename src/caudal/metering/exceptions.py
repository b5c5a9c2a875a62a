"""The 26 field codes that explain a reading problem, and what each one makes of the period.

`ReadingException` is what a reader marks on the walk; it is not a Python exception. The codes are
Caudal's own composite of Mexican practice.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Treatment(IntEnum):
    """What the code makes of the period's consumption."""

    REAL = 0  # the value counts
    ESTIMATE = 1  # without a value it is estimated; a value that was seen after all counts
    AVERAGE = 2  # the meter cannot be believed: average, whatever it shows
    ZERO = 3  # no service: zero, unless the dial moved
    DISTRUST = 4  # the value belongs to another meter: estimated, whatever it shows


class FollowUp(IntEnum):
    """What somebody has to do about it afterwards."""

    NONE = 0
    METER_ORDER = 1
    METER_CHANGE = 2
    FRAUD_CASE = 3
    LEAK_REPORT = 4
    NOTIFY_CUSTOMER = 5
    CENSUS = 6
    INSPECTION = 7
    RATE_REVIEW = 8
    FIX_REGISTRY = 9


@dataclass(frozen=True, slots=True)
class ReadingException:
    """One code: its number, what it says, what it does to the period, what has to follow."""

    number: int
    text: str
    treatment: Treatment = Treatment.REAL
    follow_up: FollowUp = FollowUp.NONE

    @property
    def code(self) -> str:
        """Two digits, as it is stored and printed."""
        return f"{self.number:02d}"


_T, _F = Treatment, FollowUp
_ALL = (
    ReadingException(0, "Lectura normal"),
    ReadingException(1, "Predio cerrado o casa sola", _T.ESTIMATE),
    ReadingException(2, "Medidor tapado (tierra, basura, vehículo)", _T.ESTIMATE),
    ReadingException(3, "Nicho con llave", _T.ESTIMATE),
    ReadingException(4, "Carátula empañada o ilegible", _T.ESTIMATE, _F.METER_ORDER),
    ReadingException(5, "Medidor parado o descompuesto", _T.AVERAGE, _F.METER_CHANGE),
    ReadingException(6, "Medidor invertido", _T.AVERAGE, _F.METER_ORDER),
    ReadingException(7, "Medidor destruido", _T.AVERAGE, _F.METER_CHANGE),
    ReadingException(8, "Fuga en cuadro o toma", _T.REAL, _F.LEAK_REPORT),
    ReadingException(9, "Fuga interior", _T.REAL, _F.NOTIFY_CUSTOMER),
    ReadingException(10, "Consumo alto verificado"),
    ReadingException(11, "Consumo bajo verificado"),
    ReadingException(12, "Vuelta de medidor"),
    ReadingException(13, "Sin medidor o medidor robado", _T.AVERAGE, _F.METER_ORDER),
    ReadingException(14, "Toma directa", _T.ESTIMATE, _F.FRAUD_CASE),
    ReadingException(15, "Medidor manipulado o sello violado", _T.ESTIMATE, _F.FRAUD_CASE),
    ReadingException(16, "Toma clandestina o derivación", _T.ESTIMATE, _F.FRAUD_CASE),
    ReadingException(17, "Servicio cortado, sin consumo", _T.ZERO),
    ReadingException(18, "Cortado con consumo (autorreconexión)", _T.ESTIMATE, _F.FRAUD_CASE),
    ReadingException(19, "Baldío o demolido", _T.ESTIMATE, _F.CENSUS),
    ReadingException(20, "Predio abandonado", _T.ESTIMATE, _F.INSPECTION),
    ReadingException(21, "No se localiza", _T.ESTIMATE, _F.CENSUS),
    ReadingException(22, "Cambio de giro detectado", _T.ESTIMATE, _F.RATE_REVIEW),
    ReadingException(23, "Número de medidor no corresponde", _T.DISTRUST, _F.FIX_REGISTRY),
    ReadingException(24, "Perro, riesgo o zona insegura", _T.ESTIMATE),
    ReadingException(25, "Usuario no permite acceso", _T.ESTIMATE, _F.NOTIFY_CUSTOMER),
)
CODES: dict[str, ReadingException] = {each.code: each for each in _ALL}

NORMAL, VERIFIED_HIGH, VERIFIED_LOW, ROLLOVER, CUT_WITHOUT_USE, CUT_WITH_USE, WRONG_METER = (
    0,
    10,
    11,
    12,
    17,
    18,
    23,
)

# by number, so that a column of codes becomes a column of treatments
TREATMENTS: NDArray[np.int64] = np.array([each.treatment for each in _ALL], dtype=np.int64)
FOLLOW_UPS: NDArray[np.int64] = np.array([each.follow_up for each in _ALL], dtype=np.int64)
