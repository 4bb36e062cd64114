"""Forms as browsers send them: names and values, and files."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import parse_qsl

from multipart import MultipartError, MultipartParser, parse_options_header

from latticework.base.findings import Refused, error
from latticework.surfaces.web.routes import Form, Sent

MOST_PARTS = 2_000


def form_of(content_type: str, body: bytes) -> Form:
    """What a form says; raises Refused (WEB012) where it is cut off or torn."""
    sort, options = parse_options_header(content_type)
    if sort != "multipart/form-data":
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        return Form(tuple(pairs))
    parser = MultipartParser(
        BytesIO(body),
        options.get("boundary", ""),
        content_length=len(body),
        part_limit=MOST_PARTS,
        spool_limit=len(body) + 1,
        memory_limit=len(body) + 1,
    )
    pairs, files = [], []
    try:
        for part in parser:
            if part.filename is not None:
                files.append(Sent(name=part.filename, data=part.raw))
            else:
                pairs.append((part.name, part.raw.decode("utf-8", "replace")))
    except MultipartError as problem:
        says = f"the form did not arrive whole: {problem}"
        raise Refused([error("WEB012", says, hint="send it again")]) from None
    return Form(tuple(pairs), tuple(each for each in files if each.name))
