"""Verbs of the tariff books: load a draft, publish it, discard it."""

from datetime import datetime

from django.db import IntegrityError, transaction

from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.registry.models import TariffClass
from caudal.tariffs import format, queries
from caudal.tariffs.format.findings import Finding
from caudal.tariffs.models import TariffBook

_SHOWN = 30


class CannotLoadBook(Refusal):
    """The text is not a book; `findings` says all that must be corrected."""

    def __init__(self, *, findings: list[Finding], file: str | None) -> None:
        count = (
            "Hay 1 punto por corregir" if len(findings) == 1 else f"Hay {len(findings)} puntos por corregir"
        )
        told = "\n".join(f"  · {finding}" for finding in findings[:_SHOWN])
        more = f"\n  … y {len(findings) - _SHOWN} más." if len(findings) > _SHOWN else ""
        super().__init__(
            f"El libro de tarifas no se cargó. {count}:", f"\n{told}{more}\nCorrija el archivo y cárguelo de nuevo.",
            file=file,
        )  # fmt: skip
        self.findings = findings


class CannotReplaceBook(Refusal):
    """A published book has that code and says something else."""


class CannotPublishBook(Refusal):
    """It is published already, or another published book is in force in some of its days."""


class CannotDiscardBook(Refusal):
    """A published book stays for ever."""


@transaction.atomic
def load_book(*, body: bytes, by: str, at: datetime, file: str | None = None) -> TariffBook:
    """Load the TOML of a book as a draft, in the place of an earlier draft with its code.

    The classes it prices are created if the registry lacks them. The same text again changes nothing.

    :raises CannotLoadBook: with every finding, if it is not a valid book
    :raises CannotReplaceBook: if a published book with that code says something else
    """
    found = queries.findings_of(body=body)
    if found:
        raise CannotLoadBook(findings=found, file=file)
    document = format.read(format.decode(body)[0])[0]
    _ensure_classes(document, file)
    digest = format.document_hash(document)
    earlier = TariffBook.objects.select_for_update().filter(code=document["code"]).first()
    if earlier is not None and earlier.document_hash == digest:
        return earlier
    if earlier is not None and earlier.published_at is not None:
        raise CannotReplaceBook(
            "Ese libro ya está publicado y no cambia.", "Guárdelo con otra clave (code) como libro nuevo.",
            file=file, value=earlier.code,
        )  # fmt: skip
    return _store(earlier or TariffBook(code=document["code"]), document, digest, by=by, at=at)


@transaction.atomic
def publish_book(*, book: TariffBook, by: str, at: datetime) -> TariffBook:
    """Put a draft in force. Its predecessor, if it was left open, ends the day this one begins.

    :raises CannotPublishBook: if it is published, who publishes is who loaded it, or it overlaps a published
        book; it tells which
    """
    book = TariffBook.objects.select_for_update().get(pk=book.pk)
    if book.published_at is not None:
        raise CannotPublishBook(
            "Ese libro ya está publicado.", "No hace falta hacerlo otra vez.", value=book.code
        )
    if by == book.loaded_by:
        raise CannotPublishBook(
            "Quien carga un libro de tarifas no lo publica.", "Pida que lo revise y lo publique otra persona.",
            value=book.code,
        )  # fmt: skip
    _close_predecessor(book, by=by, at=at)
    if other := _overlapping(book):
        raise _overlap(book, other)
    book.published_at, book.published_by = at, by
    try:
        with transaction.atomic():
            book.save(update_fields=["published_at", "published_by"])
    except IntegrityError as problem:  # someone published another in between: the database keeps the door
        raise CannotPublishBook(
            "Otro libro que rige en esas fechas acaba de publicarse.",
            "Véalo con «caudal tariff list».",
            value=book.code,
        ) from problem
    _record("tariffs.publish_book", book, by=by, at=at)
    return book


@transaction.atomic
def discard_draft(*, book: TariffBook, by: str, at: datetime) -> None:
    """Delete a draft.

    :raises CannotDiscardBook: if it was published
    """
    book = TariffBook.objects.select_for_update().get(pk=book.pk)
    if book.published_at is not None:
        raise CannotDiscardBook(
            "Un libro publicado no se borra.", "Si está mal, publique otro que rija a partir de la corrección.",
            value=book.code,
        )  # fmt: skip
    _record("tariffs.discard_draft", book, by=by, at=at)
    book.delete()


def _ensure_classes(document: dict[str, list[dict[str, str]]], file: str | None) -> None:
    known = {each.code: each for each in TariffClass.objects.all()}
    clashing = [
        Finding(
            ("classes", number, "use"), f"El padrón tiene la clase {row['code']} con uso {known[row['code']].use}.",
            "El uso decide IVA y beneficios: use otra clave de clase, o el mismo uso.", value=row["use"],
        )
        for number, row in enumerate(document["classes"])
        if row["code"] in known and known[row["code"]].use != row["use"]
    ]  # fmt: skip
    if clashing:
        raise CannotLoadBook(findings=clashing, file=file)
    missing = [row for row in document["classes"] if row["code"] not in known]
    TariffClass.objects.bulk_create(
        TariffClass(code=row["code"], name=row["name"], use=row["use"]) for row in missing
    )


def _store(book: TariffBook, document: dict[str, str], digest: str, *, by: str, at: datetime) -> TariffBook:
    before = book.document_hash or None
    for name in ("name", "effective_from", "effective_to", "legal_reference"):
        setattr(book, name, document.get(name))
    book.document, book.document_hash = document, digest
    book.loaded_at, book.loaded_by = at, by
    book.save()
    book.refresh_from_db()
    audit.record(
        act="tariffs.load_book", by=by, at=at, object_kind="tariff_book", object_id=book.code,
        before=before, after=digest,
    )  # fmt: skip
    return book


def _close_predecessor(book: TariffBook, *, by: str, at: datetime) -> None:
    earlier = TariffBook.objects.select_for_update().filter(
        published_at__isnull=False, effective_to__isnull=True, effective_from__lt=book.effective_from
    )
    for each in earlier:
        each.effective_to = book.effective_from
        each.save(update_fields=["effective_to"])
        audit.record(
            act="tariffs.close_book", by=by, at=at, object_kind="tariff_book", object_id=each.code,
            after=book.effective_from.isoformat(), reason=f"entra en vigor {book.code}",
        )  # fmt: skip


def _overlapping(book: TariffBook) -> TariffBook | None:
    others = TariffBook.objects.filter(published_at__isnull=False).exclude(pk=book.pk)
    if book.effective_to is not None:
        others = others.filter(effective_from__lt=book.effective_to)
    for other in others.order_by("effective_from"):
        if other.effective_to is None or other.effective_to > book.effective_from:
            return other
    return None


def _overlap(book: TariffBook, other: TariffBook) -> CannotPublishBook:
    until = f"{other.effective_to:%d/%m/%Y} (sin incluir)" if other.effective_to else "nuevo aviso"
    return CannotPublishBook(
        f"El libro {book.code} se encima con {other.code}, que rige del {other.effective_from:%d/%m/%Y} al {until}.",
        "Corrija effective_from o effective_to: solo un libro puede regir cada día.",
        field="effective_from",
        value=book.effective_from.isoformat(),
    )


def _record(act: str, book: TariffBook, *, by: str, at: datetime) -> None:
    audit.record(
        act=act, by=by, at=at, object_kind="tariff_book", object_id=book.code, after=book.document_hash
    )
