"""What text may be in a parameter or in the path of any call: said once, for all of them."""

import unicodedata
from collections.abc import Mapping

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from samtale.portal.api.errors import bad_input

#: What one pastes along with a word.
_SPACES = frozenset("\t\n\r")
#: What Django puts where bytes are no UTF-8.
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def check(request: HttpRequest, path: Mapping[str, str]) -> None:
    """Raise the answer 400 for the first text that nobody wrote.

    ``path``: the parts that the address names. PostgreSQL takes no NUL, and no name, address or id of ours
    has a control character.
    """
    try:
        query = request.GET
    except TooManyFieldsSent as error:
        raise bad_input(None, _("Der er for mange parametre.")) from error
    given = [*path.items(), *((name, value) for name, values in query.lists() for value in values)]
    for name, value in given:
        if not is_text(value):
            # A name that is no text either is none of ours.
            raise bad_input(name if is_text(name) else None, _("Teksten har tegn, som ikke kan bruges."))


def is_text(value: str) -> bool:
    return not any(
        character == _REPLACEMENT
        or (unicodedata.category(character) in ("Cc", "Cs") and character not in _SPACES)
        for character in value
    )
