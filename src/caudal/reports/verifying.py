"""Whether what is kept of an edition is what was published: seals, chain, files and signature, derived again."""

from dataclasses import dataclass
from typing import Final

from django.db import connection

from caudal.reports import editions, signing
from caudal.reports.models import ReportEdition, ReportPaper

UNCHAINED: Final = "No sigue a la edición anterior."
# the database reads the files where they are
_PAPERS: Final = """
    SELECT form, sha256, encode(sha256(body), 'hex') FROM reports_reportpaper WHERE edition_id = %s
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`findings` says, in words, what is not as it was published."""

    findings: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return not self.findings


def verify(*, edition: ReportEdition) -> Verdict:
    """Derive the seal of an edition again from what is kept; check its signature, its files and the one before."""
    with connection.cursor() as cursor:
        cursor.execute(_PAPERS, [edition.pk])
        papers = {form: (kept, derived) for form, kept, derived in cursor.fetchall()}
    before = ReportEdition.objects.filter(number=edition.number - 1).values_list("sha256", flat=True).first()
    kept = {form: sha256 for form, (sha256, _) in papers.items()}
    signature, key = edition.signature, edition.public_key
    checks = (
        (_content(edition) == edition.content_sha256, "Su contenido no es el que se publicó."),
        (set(papers) == set(ReportPaper.Form.values), "Le falta un archivo."),
        (all(one == other for one, other in papers.values()), "Un archivo suyo no es el que se publicó."),
        (
            editions.seal_of(edition=edition, papers=kept) == edition.sha256,
            "Su sello no es el de lo que dice.",
        ),
        ((before or "") == edition.previous_sha256, UNCHAINED),
        (
            signing.is_signed(seal=edition.sha256, signature=signature, public_key=key),
            "Su firma no es de la llave que dice.",
        ),
        (key == signing.own_public_key(), "La llave que la firmó no es la de esta instalación."),
    )
    return Verdict(tuple(words for holds, words in checks if not holds))


def _content(edition: ReportEdition) -> str:
    return signing.fingerprint(signing.canonical(edition.content))
