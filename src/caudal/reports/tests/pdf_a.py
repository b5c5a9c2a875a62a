"""The rules of PDF/A-2b (ISO 19005-2) that the bytes of a file can be asked without rendering it."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

_FORBIDDEN_ACTIONS: Final = {
    "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition", "/Trans",
    "/GoTo3DView", "/JavaScript",
}  # fmt: skip
_EMBEDDED: Final = ("/FontFile", "/FontFile2", "/FontFile3")
_HIDDEN: Final = 0b100011  # invisible, hidden, no view
_PRINTED: Final = 0b100


def broken_rules(body: bytes) -> list[str]:
    """The rules that a file breaks, each in words."""
    read = PdfReader(BytesIO(body))
    if read.is_encrypted:
        return ["not encrypted"]
    objects = list(_objects(read))
    dicts = [each for each in objects if isinstance(each, DictionaryObject)]
    fonts = [each for each in dicts if each.get("/Type") == "/Font"]
    streams = [each for each in dicts if isinstance(each, StreamObject)]
    actions = {str(each.get("/S")) for each in dicts} & _FORBIDDEN_ACTIONS
    rules = (
        (re.match(rb"%PDF-1\.[4-7]\n%[\x80-\xff]{4}", body) is not None, "a header with binary bytes"),
        (body.rstrip().endswith(b"%%EOF"), "nothing after its end"),
        (len(read.trailer.get("/ID", ())) == 2, "an ID in its trailer"),
        (_says_pdf_a_2b(read), "XMP says 2b"),
        (_agrees(read), "Info and XMP agree"),
        (_has_profile(read), "one output intent with its profile"),
        (bool(fonts) and all(map(_is_embedded, fonts)), "every font embedded"),
        (bool(fonts) and all(map(_reads_as_text, fonts)), "every font with its text"),
        ("/JavaScript" not in actions and "/JavaScript" not in _names(read), "no JavaScript"),
        (not actions - {"/JavaScript"} and not any("/AA" in each for each in dicts), "no forbidden actions"),
        (not any("/F" in each or "/FFilter" in each for each in streams), "no external streams"),
        (not any("LZW" in str(each.get("/Filter")) for each in streams), "no LZW"),
        ("/EmbeddedFiles" not in _names(read) and not any("/EF" in each for each in dicts), "no embedded files"),
        (all(map(_is_printed, _notes(read))), "every annotation printed"),
        ("/XFA" not in read.root_object.get("/AcroForm", {}), "no XFA"),
        (not any(each.get("/Interpolate") for each in dicts), "no image interpolated"),
    )  # fmt: skip
    return [words for holds, words in rules if not holds]


def _objects(read: PdfReader) -> Iterator[Any]:
    """Every object that can be reached, once, and what is inside each."""
    waiting: list[Any] = [read.trailer]
    seen: set[Any] = set()
    while waiting:
        each = waiting.pop()
        if hasattr(each, "idnum"):
            if each.idnum in seen:
                continue
            seen.add(each.idnum)
            each = each.get_object()
        yield each
        if isinstance(each, DictionaryObject):
            waiting += [each.raw_get(key) for key in each]
        elif isinstance(each, ArrayObject):
            waiting += list(each)


def _xmp(read: PdfReader) -> str:
    return read.xmp_metadata.stream.get_data().decode() if read.xmp_metadata else ""


def _says_pdf_a_2b(read: PdfReader) -> bool:
    said = _xmp(read)
    return "<pdfaid:part>2</pdfaid:part>" in said and "<pdfaid:conformance>B</pdfaid:conformance>" in said


def _agrees(read: PdfReader) -> bool:
    """What both tell is the same in both."""
    info, xmp = read.metadata, read.xmp_metadata
    if info is None or xmp is None:
        return info is None
    titles = set((xmp.dc_title or {}).values())
    return (
        (info.title is None or titles == {info.title})
        and (info.author is None or info.author in (xmp.dc_creator or []))
        and (info.creator is None or info.creator == xmp.xmp_creator_tool)
        and (info.creation_date is None or info.creation_date.replace(tzinfo=None) == xmp.xmp_create_date)
    )


def _has_profile(read: PdfReader) -> bool:
    intents = [each.get_object() for each in read.root_object.get("/OutputIntents", ())]
    archival = [each for each in intents if each["/S"] == "/GTS_PDFA1"]
    if len(archival) != 1 or "/DestOutputProfile" not in archival[0]:
        return False
    profile = archival[0]["/DestOutputProfile"]
    # every ICC profile carries this mark at byte 36, and how many colors it has must be what it says
    return (
        profile.get_data()[36:40] == b"acsp"
        and profile["/N"] == {b"RGB ": 3, b"GRAY": 1}[profile.get_data()[16:20]]
    )


def _is_embedded(font: DictionaryObject) -> bool:
    if font["/Subtype"] == "/Type0":
        return all(_is_embedded(each.get_object()) for each in font["/DescendantFonts"])
    if font["/Subtype"] == "/Type3":
        return True
    described = font.get("/FontDescriptor", {})
    return any(each in described for each in _EMBEDDED)


def _reads_as_text(font: DictionaryObject) -> bool:
    return "/ToUnicode" in font or str(font["/Subtype"]).startswith("/CIDFont")


def _names(read: PdfReader) -> DictionaryObject:
    found = read.root_object.get("/Names", DictionaryObject()).get_object()
    assert isinstance(found, DictionaryObject)
    return found


def _notes(read: PdfReader) -> Iterator[DictionaryObject]:
    for page in read.pages:
        for note in page.get("/Annots", ()) or ():
            yield note.get_object()


def _is_printed(note: DictionaryObject) -> bool:
    flags = int(note.get("/F", 0))
    return note["/Subtype"] == "/Popup" or bool(flags & _PRINTED) and not flags & _HIDDEN
