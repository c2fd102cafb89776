"""Office documents and books, made for tests part by part."""

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
ODF = "urn:oasis:names:tc:opendocument:xmlns:"
XHTML = "application/xhtml+xml"
NAMESPACES = " ".join(
    f'xmlns:{name}="{ODF}{name}:1.0"' for name in ("office", "text", "table", "style", "meta")
)


def package(parts: dict[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip file with parts in their order, always the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as container:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, (2026, 11, 30, 0, 0, 0))
            stored = name == "mimetype"
            container.writestr(info, data, zipfile.ZIP_STORED if stored else method)
    return out.getvalue()


def content_types(main: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/main.xml" ContentType="{main}"/></Types>'
    )


def relationships(**targets: str) -> str:
    """Return relations by their type: `officeDocument`, `worksheet1`."""
    rows = "".join(
        f'<Relationship Id="{kind}" Type="{OFFICE}/relationships/{kind.rstrip("0123456789")}"'
        f" Target={quoteattr(target)}/>"
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


def p(text: str, style: str | None = None) -> str:
    """Return a paragraph of Word; a line end is a break."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    lines = "</w:t><w:br/><w:t>".join(escape(text).split("\n"))
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{lines}</w:t></w:r></w:p>'


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{p(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


STYLES = {
    "T": "Title",
    "H1": "heading 1",
    "berschrift2": "heading 2",
    "C": "caption",
    "V1": "toc 1",
}


def docx_parts(
    *body: str, title: str = "", author: str = "", footnotes: str = "", main: str = "document"
) -> dict[str, str | bytes]:
    """Return the parts of a Word document, in the order in which Word writes them."""
    root = f'xmlns:w="{WORD}" xmlns:mc="urn:mc"'
    styles = "".join(
        f'<w:style w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in STYLES.items()
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": content_types(kind),
        "_rels/.rels": relationships(officeDocument=f"word/{main}.xml"),
        f"word/{main}.xml": f"<w:document {root}><w:body>{''.join(body)}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {root}>{styles}</w:styles>",
        "docProps/core.xml": (
            f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
            f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator>"
            "<dcterms:created>2019-05-06T08:00:00Z</dcterms:created>"
            "<dcterms:modified>2020-07-08T09:00:00Z</dcterms:modified></cp:coreProperties>"
        ),
    }
    if footnotes:
        parts["word/footnotes.xml"] = (
            f'<w:footnotes {root}><w:footnote w:type="separator" w:id="-1">{p("___")}</w:footnote>'
            f'<w:footnote w:id="1">{footnotes}</w:footnote></w:footnotes>'
        )
    return parts


def docx(*body: str, **options: str) -> bytes:
    return package(docx_parts(*body, **options))


def odf_parts(
    kind: str, content: str, *, meta: str = "", styles: str = ""
) -> dict[str, str | bytes]:
    """Return the parts of an OpenDocument file, in the order in which LibreOffice writes them."""
    manifest = (
        f'<manifest:manifest xmlns:manifest="{ODF}manifest:1.0"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.{kind}"/>'
        "</manifest:manifest>"
    )
    return {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": (
            f"<office:document-content {NAMESPACES}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body>{content}</office:body>"
            "</office:document-content>"
        ),
        "meta.xml": (
            f'<office:document-meta {NAMESPACES} xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<office:meta>{meta}<dc:date>2020-07-08T09:00:00</dc:date></office:meta>"
            "</office:document-meta>"
        ),
        "META-INF/manifest.xml": manifest,
    }


def odt(content: str, **options: str) -> bytes:
    return package(odf_parts("text", f"<office:text>{content}</office:text>", **options))


def ods(**sheets: list[str]) -> bytes:
    """Return a spreadsheet; the rows of a sheet are the XML of their cells."""
    tables = "".join(
        f'<table:table table:name="{name}">'
        + "".join(
            row
            if row.startswith("<table:table-row")
            else f"<table:table-row>{row}</table:table-row>"
            for row in rows
        )
        + "</table:table>"
        for name, rows in sheets.items()
    )
    content = f"<office:spreadsheet>{tables}</office:spreadsheet>"
    return package(odf_parts("spreadsheet", content))


def xlsx_parts(
    *,
    strings: tuple[str, ...] = (),
    formats: dict[int, str] | None = None,
    properties: str = "",
    **sheets: str,
) -> dict[str, str | bytes]:
    """Return the parts of a workbook; a sheet is the XML of its rows.

    The cells of style 1 have the format 14, a date; those of style 2 the format 164.
    """
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    main = f'xmlns="{OFFICE.replace("officeDocument", "spreadsheetml")}/main"'
    names = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="worksheet{number}"/>'
        for number, name in enumerate(sheets, start=1)
    )
    codes = "".join(
        f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>'
        for number, code in (formats or {}).items()
    )
    targets = {f"worksheet{n}": f"worksheets/sheet{n}.xml" for n in range(1, len(sheets) + 1)}
    texts = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
    return {
        "[Content_Types].xml": content_types(kind),
        "_rels/.rels": relationships(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": (
            f'<workbook {main} xmlns:r="{OFFICE}/relationships">{properties}'
            f"<sheets>{names}</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": relationships(
            **targets, styles="styles.xml", sharedStrings="/xl/sharedStrings.xml"
        ),
        "xl/styles.xml": (
            f"<styleSheet {main}><numFmts>{codes}</numFmts><cellStyleXfs>"
            '<xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>'
            '<xf numFmtId="164"/></cellXfs></styleSheet>'
        ),
        "xl/sharedStrings.xml": f"<sst {main}>{texts}</sst>",
        **{
            f"xl/worksheets/sheet{number}.xml": (
                f"<worksheet {main}><sheetData>{rows}</sheetData></worksheet>"
            )
            for number, rows in enumerate(sheets.values(), start=1)
        },
    }


def xlsx(**options: object) -> bytes:
    return package(xlsx_parts(**options))  # type: ignore[arg-type]


def row(number: int, *cells: object) -> str:
    """Return a row of a workbook: of texts, numbers, and cells as XML."""
    values = "".join(
        cell
        if isinstance(cell, str) and cell.startswith("<c")
        else f"<c><v>{cell}</v></c>"
        if isinstance(cell, (int, float))
        else f'<c t="inlineStr"><is><t>{escape(str(cell))}</t></is></c>'
        for cell in cells
    )
    return f'<row r="{number}">{values}</row>'


def epub_parts(
    documents: dict[str, str],
    *,
    toc: dict[str, str] | None = None,
    metadata: str = "",
    version: int = 3,
    spine: tuple[str, ...] | None = None,
    manifest: str = "",
) -> dict[str, str | bytes]:
    """Return the parts of a book; `toc` has the titles of documents by their names."""
    items = "".join(
        f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>'
        for name in documents
    )
    order = "".join(f'<itemref idref="{name}"/>' for name in spine or documents)
    listed = (toc or {}).items()
    parts: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": (
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/content.opf"/></rootfiles></container>'
        ),
    }
    if version == 3:
        items += (
            '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        )
        links = "".join(f'<li><a href="{name}">{title}</a></li>' for name, title in listed)
        parts["OEBPS/nav.xhtml"] = (
            f'<html xmlns="http://www.w3.org/1999/xhtml"><body><nav>{links}</nav></body></html>'
        )
    else:
        items += '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        points = "".join(
            f'<navPoint><navLabel><text>{title}</text></navLabel><content src="{name}"/></navPoint>'
            for name, title in listed
        )
        parts["OEBPS/toc.ncx"] = (
            '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://example.org/ncx.dtd">'
            f"<ncx><docTitle><text>A book</text></docTitle><navMap>{points}</navMap></ncx>"
        )
    parts["OEBPS/content.opf"] = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' xmlns:opf="http://www.idpf.org/2007/opf"><metadata>{metadata}</metadata>'
        f'<manifest>{items}{manifest}</manifest><spine toc="ncx">{order}</spine></package>'
    )
    for name, body in documents.items():
        parts[f"OEBPS/{name}"] = (
            '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"'
            f' xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title></head>{body}</html>'
        )
    return parts


def epub(documents: dict[str, str], **options: object) -> bytes:
    return package(epub_parts(documents, **options))  # type: ignore[arg-type]
