"""How the printing process writes a file: PDF/A, a tagged one PDF/UA-1 too. Imported by that process alone."""

from functools import partial

import pydyf
import weasyprint

AMBIGUOUS_END = b"\r\nendstream"
# Says that a tagged file is PDF/UA-1 too, with the description of that word which PDF/A asks for.
ACCESSIBLE = b"""
<rdf:Description rdf:about="" pdfuaid:part="1" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


def write(document: weasyprint.Document, tagged: bool) -> bytes:
    """The document's PDF/A bytes, with every stream ended so that its length is beyond doubt.

    A stream whose last byte is a carriage return seems to end one byte early, since a line feed follows:
    PDF/A validators refuse that. It strikes one stream in 256, those made while writing included, so the
    file is written again with one spare object more until none is left.
    """
    for spare in range(8):
        finisher = partial(_finish, tagged, spare)
        pdf = document.write_pdf(finisher=finisher, pdf_variant="pdf/a-2u", pdf_tags=tagged)
        if AMBIGUOUS_END not in pdf:
            break
    return pdf


def _finish(tagged: bool, spare: int, document: weasyprint.Document, pdf: pydyf.PDF) -> None:
    for stream in [found for found in pdf.objects if isinstance(found, pydyf.Stream)]:
        if stream.extra.get("Type") == "/Metadata":
            _open_metadata(stream, tagged)
        elif stream.data.endswith(AMBIGUOUS_END):
            _add_newline(stream)
    for number in range(spare):
        pdf.add_object(pydyf.Dictionary({"Spare": number}))


def _open_metadata(stream: pydyf.Stream, tagged: bool) -> None:
    """Leaves the metadata readable without decoding, as PDF/A asks, and says what a tagged file is."""
    stream.compress = False
    if tagged:
        stream.stream = [part.replace(b"</rdf:RDF>", ACCESSIBLE + b"</rdf:RDF>") for part in stream.stream]


def _add_newline(stream: pydyf.Stream) -> None:
    """Ends the encoded bytes with a line feed, which decoders pass over."""
    encoded = stream.data.partition(b"stream\n")[2].removesuffix(b"\nendstream")
    if stream.compress:
        stream.extra["Filter"] = "/FlateDecode"
        stream.compress = False
    stream.stream = [encoded, b""]
