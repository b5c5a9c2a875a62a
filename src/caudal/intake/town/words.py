"""Names of a town on the Lerma: given names, surnames, streets, neighborhoods, settlements, trades."""

from typing import Final

GIVEN: Final = (
    "MARIA", "JOSE", "JUAN", "GUADALUPE", "ROSA", "JESUS", "ANTONIO", "MARTHA", "SALVADOR", "TERESA", "RAFAEL",
    "ELENA", "MIGUEL", "SILVIA", "CARLOS", "IRMA", "LUIS", "ESPERANZA", "ARTURO", "CONSUELO", "RAMON", "GLORIA",
    "JORGE", "VERONICA", "IGNACIO", "ESTHER", "PEDRO", "ALEJANDRA", "FRANCISCO", "ANGELICA", "MANUEL", "SOCORRO",
    "RIGOBERTO", "OFELIA", "GILBERTO", "AMPARO", "EVERARDO", "LETICIA", "HERIBERTO", "CATALINA",
)  # fmt: skip
SURNAMES: Final = (
    "GARCIA", "HERNANDEZ", "GONZALEZ", "LOPEZ", "MARTINEZ", "RODRIGUEZ", "PEREZ", "SANCHEZ", "RAMIREZ", "FLORES",
    "GOMEZ", "MORALES", "VAZQUEZ", "JIMENEZ", "CRUZ", "ORTIZ", "MUÑOZ", "NUÑEZ", "CASTAÑEDA", "VILLASEÑOR",
    "ZUÑIGA", "IBAÑEZ", "OROZCO", "BARAJAS", "MELGOZA", "GODINEZ", "CASTELLANOS", "ZARAGOZA", "ROBLES", "AGUIRRE",
    "MAGAÑA", "CEJA", "NAVARRO", "SAHAGUN", "VELAZCO", "ALATORRE", "PULIDO", "CHAVOLLA", "ESTRADA", "PEÑA",
)  # fmt: skip
STREETS: Final = (
    "HIDALGO", "MORELOS", "JUAREZ", "ZARAGOZA", "ALLENDE", "ALDAMA", "OBREGON", "PINO SUAREZ", "COLON",
    "16 DE SEPTIEMBRE", "REFORMA", "5 DE MAYO", "GUERRERO", "CORREGIDORA", "MADERO", "ABASOLO", "MATAMOROS",
    "RAMON CORONA", "GOMEZ FARIAS", "LOPEZ RAYON", "PRISCILIANO SANCHEZ", "NIÑOS HEROES", "INDEPENDENCIA",
    "RIO LERMA", "20 DE NOVIEMBRE", "MARIANO JIMENEZ",
)  # fmt: skip
BEARINGS: Final = ("", "", "", " NTE", " SUR", " OTE", " PTE")
NEIGHBORHOODS: Final = (
    "CENTRO", "EL CARMEN", "SANTA MONICA", "LOS SABINOS", "SAN CARLOS", "LOMAS DE LA BARCA", "SANTA CECILIA",
    "LAS PALMAS", "AMPLIACION CENTRO", "INFONAVIT", "LA MOREÑA", "EL PARAISO",
)  # fmt: skip
SEAT: Final = "LA BARCA"
# settlement and its share of a thousand accounts
SETTLEMENTS: Final = (
    (SEAT, 694), ("VILLA GARCIA MARQUEZ", 60), ("EL CARMEN", 42), ("PORTEZUELO", 40), ("GUADALUPE DE LERMA", 40),
    ("SAN JOSE CASAS CAIDAS", 38), ("LOS CHARCOS", 34), ("SAN ANTONIO DE RIVAS", 32), ("ZALAMEA", 20),
)  # fmt: skip
# class, its share of a thousand accounts, how many of a hundred are metered, m³ a month at the middle
CLASSES: Final = (
    ("HAB-GEN", 577, 47, 15), ("HAB-MIN", 162, 45, 11), ("HAB-ALTA", 82, 48, 24), ("MIX-COM", 56, 44, 21),
    ("COM-SEC", 40, 48, 17), ("MIX-RUR", 31, 49, 23), ("COM-ALT", 19, 42, 42), ("PUB", 17, 54, 85),
    ("IND", 7, 45, 190), ("BALDIO", 5, 0, 0), ("HOT", 4, 60, 120),
)  # fmt: skip
TRADES: Final = {
    "COM-SEC": (
        "ABARROTES",
        "FARMACIA",
        "TALLER MECANICO",
        "PAPELERIA",
        "TORTILLERIA",
        "ZAPATERIA",
        "MERCERIA",
    ),
    "COM-ALT": ("RESTAURANTE", "LAVANDERIA", "AUTOLAVADO", "CARNITAS", "PURIFICADORA"),
    "HOT": ("HOTEL", "POSADA"),
    "IND": ("EMPACADORA", "CONGELADORA", "FORRAJES", "LACTEOS"),
}
PUBLIC_PLACES: Final = (
    "ESC. PRIM.",
    "JARDIN DE NIÑOS",
    "SEC. TECNICA",
    "CENTRO DE SALUD",
    "BIBLIOTECA PUBLICA",
    "DELEGACION MUNICIPAL",
)
HEROES: Final = (
    "MIGUEL HIDALGO", "IGNACIO ALLENDE", "JOSEFA ORTIZ", "VICENTE GUERRERO", "LAZARO CARDENAS", "JUAN ESCUTIA",
    "AGUSTIN YAÑEZ", "GABRIELA MISTRAL", "MARIANO OTERO", "FRANCISCO I. MADERO",
)  # fmt: skip
COMPANIES: Final = ("", "", " SA DE CV", " S.A. DE C.V.")
READERS: Final = ("MPG", "JRL", "SAO")
DIAMETERS: Final = (("1/2", 594), ("1", 201), ("3/4", 199), ("2", 4), ("1 1/2", 2))
METER_BRANDS: Final = ("AZ", "CI", "IT", "00")
