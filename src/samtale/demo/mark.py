"""Whether this installation holds made-up people. Such data are never served under a host name."""

from samtale.identity.models import Person


def present() -> bool:
    return Person.objects.filter(is_demo=True).exists()
