"""The cast: the accounts everybody in the demonstration knows by name."""

from datetime import date

from caudal.intake.town.people import Household


def cast() -> list[Household]:
    """Fresh copies, most important first (a tiny town keeps the first ones)."""
    return [
        Household(
            number="010293", name="GUADALUPE NUÑEZ VIUDA DE ORTEGA", address="MORELOS 293", neighborhood="CENTRO",
            locality="LA BARCA", tariff_class="HAB-GEN", is_metered=True, has_sewerage=True,
            opened_on=date(1988, 3, 11), meter="AZ5300293", usual_m3=8, discount="50", phone="3929251293",
            curp="NUXG480612MJCXRD09", next_m3=9, is_cast=True,
        ),
        Household(
            number="010117", name="JESUS RAMIREZ OCHOA", address="HIDALGO 117", neighborhood="CENTRO",
            locality="LA BARCA", tariff_class="HAB-GEN", is_metered=False, has_sewerage=True,
            opened_on=date(1997, 9, 2), phone="3929251117", owed_months=14, is_cast=True,
        ),
        Household(
            number="010405", name="TORTILLERIA LA ESPIGA", address="JUAREZ 45", neighborhood="CENTRO",
            locality="LA BARCA", tariff_class="COM-SEC", is_metered=True, has_sewerage=True,
            opened_on=date(2004, 5, 20), meter="AZ5300405", usual_m3=46, phone="3929251405", next_m3=44, is_cast=True,
        ),
        Household(
            number="010512", name="ESCUELA PRIMARIA BENITO JUAREZ", address="ALLENDE 12", neighborhood="CENTRO",
            locality="LA BARCA", tariff_class="PUB", is_metered=True, has_sewerage=True,
            opened_on=date(1979, 8, 27), diameter="1", meter="AZ5300512", usual_m3=96, owed_months=3, next_m3=102,
            is_cast=True,
        ),
        Household(
            number="010620", name="HOTEL RIBERA S.A. DE C.V.", address="MALECON 20", neighborhood="CENTRO",
            locality="LA BARCA", tariff_class="HOT", is_metered=True, has_sewerage=True,
            opened_on=date(2001, 11, 5), diameter="1", meter="AZ5300620", usual_m3=180, phone="3929251620",
            next_m3=171, is_cast=True,
        ),
        Household(
            number="010733", name="ROSA ELENA CASTAÑEDA VILLASEÑOR", address="DEGOLLADO S/N", neighborhood="CENTRO",
            locality="LA BARCA", tariff_class="BALDIO", is_metered=False, has_sewerage=False,
            opened_on=date(1990, 11, 19), owed_months=6, is_cast=True,
        ),
        Household(
            number="010818", name="EMPACADORA LA PONDEROSA S.P.R. DE R.L.", address="CARRETERA A OCOTLAN KM 3",
            neighborhood="CENTRO", locality="LA BARCA", tariff_class="IND", is_metered=True, has_sewerage=True,
            opened_on=date(2006, 10, 3), diameter="2", meter="AZ5300818", usual_m3=310, phone="3929251818",
            next_m3=298, is_cast=True,
        ),
        Household(
            number="020031", name="RANCHO EL CARMEN (MARTIN IÑIGUEZ)", address="CAMINO REAL S/N", neighborhood="",
            locality="EL CARMEN", tariff_class="MIX-RUR", is_metered=False, has_sewerage=False,
            opened_on=date(1992, 2, 14), owed_months=1, is_cast=True,
        ),
        Household(
            number="010240", name="IBAÑEZ CASTAÑEDA RAMON", address="ALLENDE SUR 118-B", neighborhood="SANTA CECILIA",
            locality="LA BARCA", tariff_class="HAB-GEN", is_metered=True, has_sewerage=True,
            opened_on=date(2009, 6, 30), meter="AZ5300240", usual_m3=16, next_m3=91, is_cast=True,
        ),
        Household(
            number="010246", name="MARIA ELENA BARAJAS PULIDO", address="REFORMA 9", neighborhood="EL PARAISO",
            locality="LA BARCA", tariff_class="HAB-GEN", is_metered=False, has_sewerage=True,
            opened_on=date(2011, 1, 19), credit_cents=45_200, is_cast=True,
        ),
        Household(
            number="010252", name="GODINEZ PEREZ IGNACIO", address="COLON SUR 424", neighborhood="SANTA MONICA",
            locality="LA BARCA", tariff_class="HAB-MIN", is_metered=True, has_sewerage=True,
            opened_on=date(1999, 4, 7), meter="AZ5300252", usual_m3=12, status="C", owed_months=22,
            next_m3=0, is_cast=True,
        ),
        Household(
            number="010270", name="MERCERIA LA FAVORITA", address="MADERO 31", neighborhood="CENTRO",
            locality="LA BARCA", tariff_class="MIX-COM", is_metered=True, has_sewerage=True,
            opened_on=date(1994, 7, 22), meter="AZ5300270", usual_m3=13, next_code="PC", is_cast=True,
        ),
    ]  # fmt: skip
