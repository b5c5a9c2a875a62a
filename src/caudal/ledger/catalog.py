"""What is charged and where it stands in the accounts: the chart every installation starts with.

More concepts may be added as rows; these are the ones that code names. Account codes follow the CONAC
chart as a water utility applies it; which code a concept uses is data and may be changed.
"""

from typing import Final

WATER: Final = 1
SEWERAGE: Final = 2
WASTEWATER_TREATMENT: Final = 3
INFRASTRUCTURE_CHARGE: Final = 4
BENEFIT: Final = 10
EARLY_PAYMENT: Final = 11
ADJUSTMENT: Final = 12
HELD_PRICE: Final = 13
SURCHARGE: Final = 20
INFLATION_UPDATE: Final = 21
FINE: Final = 22
ENFORCEMENT_COST: Final = 23
DEFERRAL_SURCHARGE: Final = 24
CONNECTION_FEE: Final = 30
RECONNECTION_FEE: Final = 31
OWNERSHIP_TRANSFER_FEE: Final = 32
NO_DEBT_CERTIFICATE_FEE: Final = 33
WATER_TANKER_FEE: Final = 34
LEGACY_DEBT: Final = 40
INSTALLMENT: Final = 41

CASH: Final = "1111"
BANKS: Final = "1112-01"
DUES_RECEIVABLE: Final = "1124-03"
SUNDRY_RECEIVABLE: Final = "1124-05"
OTHER_RECEIVABLE: Final = "1124-09"
ARRANGEMENTS_RECEIVABLE: Final = "1124-10"
# a debt passes through it when it becomes installments: always zero
ARRANGEMENTS_SIGNED: Final = "1124-11"
CASH_SHORTAGES: Final = "1123-01"
VAT_PAYABLE: Final = "2117"
CREDIT_BALANCES: Final = "2119"
UNIDENTIFIED_DEPOSITS: Final = "2119-02"
PRIOR_RESULTS: Final = "3220"
DUES_REVENUE: Final = "4143-08"
SUNDRY_REVENUE: Final = "4169"
SALES_REVENUE: Final = "4173"
OTHER_REVENUE: Final = "4319-01"

ACCOUNTS: Final = (
    (CASH, "Efectivo en caja"),
    (BANKS, "Bancos"),
    (DUES_RECEIVABLE, "Derechos por cobrar"),
    (SUNDRY_RECEIVABLE, "Aprovechamientos por cobrar"),
    (OTHER_RECEIVABLE, "Otras contribuciones y servicios por cobrar"),
    (ARRANGEMENTS_RECEIVABLE, "Convenios de pago por cobrar"),
    (ARRANGEMENTS_SIGNED, "Adeudos que pasan a convenio"),
    (CASH_SHORTAGES, "Faltantes de caja por aclarar"),
    (VAT_PAYABLE, "Impuestos por pagar (IVA)"),
    (CREDIT_BALANCES, "Saldos a favor de usuarios"),
    (UNIDENTIFIED_DEPOSITS, "Depósitos por identificar"),
    (PRIOR_RESULTS, "Resultados de ejercicios anteriores"),
    (DUES_REVENUE, "Derechos por prestación de servicios"),
    (SUNDRY_REVENUE, "Aprovechamientos"),
    (SALES_REVENUE, "Venta de bienes y prestación de servicios"),
    (OTHER_REVENUE, "Otros ingresos y beneficios varios"),
)

_DUES = (DUES_RECEIVABLE, DUES_REVENUE, "43")
_SUNDRY = (SUNDRY_RECEIVABLE, SUNDRY_REVENUE, "45")
_ARRANGED = (ARRANGEMENTS_RECEIVABLE, ARRANGEMENTS_SIGNED, "")
_SALES = (OTHER_RECEIVABLE, SALES_REVENUE, "73")

# id, code, name, kind, (receivable account, revenue account, CRI)
CONCEPTS: Final = (
    (WATER, "water", "Agua potable", "principal", _DUES),
    (SEWERAGE, "sewerage", "Alcantarillado", "principal", _DUES),
    (WASTEWATER_TREATMENT, "wastewater_treatment", "Saneamiento", "principal", _DUES),
    (INFRASTRUCTURE_CHARGE, "infrastructure_charge", "Infraestructura", "principal", _DUES),
    (BENEFIT, "benefit", "Descuento a personas vulnerables", "reduction", _DUES),
    (EARLY_PAYMENT, "early_payment", "Descuento por pronto pago", "reduction", _DUES),
    (ADJUSTMENT, "adjustment", "Bonificación", "reduction", _DUES),
    (HELD_PRICE, "held_price", "Precio respetado del pago anticipado", "reduction", _DUES),
    (SURCHARGE, "surcharge", "Recargos", "surcharge", _SUNDRY),
    (INFLATION_UPDATE, "inflation_update", "Actualización", "inflation_update", _SUNDRY),
    (FINE, "fine", "Multa", "fine", _SUNDRY),
    (ENFORCEMENT_COST, "enforcement_cost", "Gastos de ejecución", "enforcement_cost", _SUNDRY),
    (DEFERRAL_SURCHARGE, "deferral_surcharge", "Recargos por prórroga", "surcharge", _SUNDRY),
    (CONNECTION_FEE, "connection_fee", "Derecho de conexión", "fee", _DUES),
    (RECONNECTION_FEE, "reconnection_fee", "Reconexión", "fee", _DUES),
    (OWNERSHIP_TRANSFER_FEE, "ownership_transfer_fee", "Cambio de propietario", "fee", _SALES),
    (NO_DEBT_CERTIFICATE_FEE, "no_debt_certificate_fee", "Constancia de no adeudo", "fee", _SALES),
    (WATER_TANKER_FEE, "water_tanker_fee", "Pipa de agua", "fee", _SALES),
    (LEGACY_DEBT, "legacy_debt", "Adeudo anterior", "principal", _DUES),
    (INSTALLMENT, "installment", "Parcialidad de convenio", "principal", _ARRANGED),
)
