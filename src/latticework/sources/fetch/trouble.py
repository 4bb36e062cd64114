"""What can go wrong on the way to a tracker, as findings with a hint."""

from __future__ import annotations

from latticework.base.findings import Finding, Place, Refused, error
from latticework.base.times import Instant, format_instant

LONGEST_WORDS = 200
_LATER = "nothing is lost: fetch again later, and it goes on where it ended"


class Stopped(Refused):
    """A fetch ended before its end; `until` is when asking makes sense again, or 0."""

    def __init__(self, finding: Finding, until: Instant = 0) -> None:
        """Keep the finding and the instant."""
        super().__init__([finding])
        self.until = until


def refused_token(url: str, token: str, words: str) -> Finding:
    """FETCH010: the token is not taken."""
    if not token:
        says = f"'{url}' wants a token"
        hint = "name the variable that holds one: write 'token: NAME' under 'fetch:'"
        return error("FETCH010", says + _said(words), hint=hint, place=Place(file=url))
    says = f"'{url}' does not accept the token '{token}'"
    hint = f"make a new token there and set {token}; see that the settings name the right user"
    return error("FETCH010", says + _said(words), hint=hint, place=Place(file=url), value=token)


def not_allowed(url: str, token: str, words: str) -> Finding:
    """FETCH011: the token may not read this."""
    says = f"the token '{token}' may not read this" if token else "this is not for everyone to read"
    hint = "give the token the right to read it, or ask for something else"
    return error("FETCH011", says + _said(words), hint=hint, place=Place(file=url), value=token)


def not_there(url: str, words: str) -> Finding:
    """FETCH012: nothing lies at the address, or nothing that the token may see."""
    hint = (
        "see that site and names are right; some servers say the same of what a token may not see"
    )
    return error("FETCH012", f"nothing is at '{url}'" + _said(words), hint=hint)


def limited(url: str, until: Instant) -> Finding:
    """FETCH013: the server allows no more for now."""
    when = f" until {format_instant(until)}" if until else " for now"
    return error("FETCH013", f"no more requests are allowed{when}", hint=_LATER, place=_at(url))


def server_trouble(url: str, status: int, words: str) -> Finding:
    """FETCH014: the server itself is in trouble."""
    says = f"the server answered {status} again and again" + _said(words)
    return error("FETCH014", says, hint=_LATER, place=_at(url), value=str(status))


def too_slow(url: str) -> Finding:
    """FETCH015: no answer in time."""
    return error("FETCH015", "the server does not answer in time", hint=_LATER, place=_at(url))


def cut_off(url: str) -> Finding:
    """FETCH016: the answer ended in the middle."""
    says = "the answer was cut off in the middle again and again"
    return error("FETCH016", says, hint=_LATER, place=_at(url))


def no_json(url: str, kind: str) -> Finding:
    """FETCH017: the answer is something else than JSON."""
    says = f"the answer is no JSON but '{kind or 'something else'}'"
    hint = "see that 'site' is the tracker itself, and no page to sign in stands before it"
    return error("FETCH017", says, hint=hint, place=_at(url), value=kind)


def not_reached(url: str, words: str) -> Finding:
    """FETCH018: the host is not reached."""
    hint = "see that 'site' is spelt right and this machine may reach it"
    return error("FETCH018", f"'{url}' is not reached" + _said(words), hint=hint, place=_at(url))


def elsewhere(url: str, target: str) -> Finding:
    """FETCH019: the server points to another host, where the token must not go."""
    says = f"the server points to '{target}', another host; the token stays here"
    hint = "if that is right, write it as 'site'"
    return error("FETCH019", says, hint=hint, place=_at(url), value=target)


def too_large(url: str, bound: int) -> Finding:
    """FETCH020: an answer without end."""
    says = f"the answer has more than {bound:,} bytes"
    return error("FETCH020", says, hint="ask for smaller pages with 'page size'", place=_at(url))


def odd_answer(url: str, wanted: str) -> Finding:
    """FETCH021: JSON of another shape."""
    hint = "see that 'site' is the right tracker, of a version that is known"
    return error("FETCH021", f"the answer has no {wanted}", hint=hint, place=_at(url), value=wanted)


def refused_request(url: str, status: int, words: str) -> Finding:
    """FETCH022: the server does not understand what it is asked."""
    says = f"the server refuses the request ({status})" + _said(words)
    return error("FETCH022", says, hint="see the settings under 'fetch:'", place=_at(url))


def no_site(site: str) -> Finding:
    """FETCH023: the address would send a token in the open, or is none."""
    says = f"'{site}' is no site to send a token to"
    return error("FETCH023", says, hint="write it as https://host", value=site)


def in_a_circle(url: str) -> Finding:
    """FETCH024: pages without end."""
    says = "the pages come again and again, without end"
    hint = "see that the site is the tracker itself; report it to the project if it is"
    return error("FETCH024", says, hint=hint, place=_at(url))


def _said(words: str) -> str:
    """What the server said, short and on one line."""
    line = " ".join(words.split())[:LONGEST_WORDS]
    return f": {line}" if line else ""


def _at(url: str) -> Place:
    return Place(file=url)
