"""Reading a page back as its reader would: the words, the sizes, and what a scanner sees."""

import pypdfium2
import pypdfium2.raw as pdfium_raw
import zxingcpp
from PIL import Image, ImageFilter

LETTER_POINTS = (612, 792)
# Height of the cut line above the lower edge of the paper, in points.
CUT_POINTS = 152


def words(pdf: bytes, page: int = 0) -> str:
    """The text of a page in one line, with plain spaces."""
    text = pypdfium2.PdfDocument(pdf)[page].get_textpage().get_text_range()
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def words_below_the_cut(pdf: bytes, page: int = 0) -> str:
    textpage = pypdfium2.PdfDocument(pdf)[page].get_textpage()
    text = textpage.get_text_bounded(left=0, bottom=0, right=LETTER_POINTS[0], top=CUT_POINTS)
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def lowest_above_the_cut(pdf: bytes, page: int = 0) -> float:
    """Points between the lower edge of the paper and the lowest letter that is not on the stub."""
    textpage = pypdfium2.PdfDocument(pdf)[page].get_textpage()
    bottoms = [textpage.get_charbox(place)[1] for place in range(textpage.count_chars())]
    return min(bottom for bottom in bottoms if bottom > CUT_POINTS)


def sizes(pdf: bytes, page: int = 0) -> dict[float, str]:
    """The letters of a page by their size in points."""
    textpage = pypdfium2.PdfDocument(pdf)[page].get_textpage()
    found: dict[float, str] = {}
    for place in range(textpage.count_chars()):
        size = round(pdfium_raw.FPDFText_GetFontSize(textpage, place), 1)
        found[size] = found.get(size, "") + chr(pdfium_raw.FPDFText_GetUnicode(textpage, place))
    return found


def stub_image(pdf: bytes, *, dpi: int, page: int = 0) -> Image.Image:
    """The stub as a printer of that many dots per inch puts it on paper."""
    sheet = pypdfium2.PdfDocument(pdf)[page]
    crop = (0, 0, 0, LETTER_POINTS[1] - CUT_POINTS)
    return sheet.render(scale=dpi / 72, crop=crop, grayscale=True).to_pil()


def scanned(image: Image.Image) -> dict[str, str]:
    """What a scanner reads, by kind of code."""
    kinds = {zxingcpp.BarcodeFormat.Code128: "bars", zxingcpp.BarcodeFormat.QRCode: "qr"}
    return {kinds[code.format]: code.text for code in zxingcpp.read_barcodes(image) if code.format in kinds}


def photocopied(image: Image.Image) -> Image.Image:
    """Soft, slightly turned and gray, as after a photocopy."""
    turned = image.rotate(1.2, expand=True, fillcolor=255)
    return turned.filter(ImageFilter.GaussianBlur(1.0)).point(lambda gray: 40 + gray * 3 // 4)
