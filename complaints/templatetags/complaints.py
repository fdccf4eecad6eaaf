"""What the room's templates may use: words behind codes, and personal data already masked."""

from django import template

from complaints import rules
from portal.kernel import files, phones, regions
from portal.kernel.models import Upload

register = template.Library()
SHOWN_OF_AN_ADDRESS = 6


@register.filter
def file_name(upload: Upload) -> str:
    """The name a file came with; only where the file itself may be read."""
    return files.name_of(upload)


@register.filter
def claim_label(code: str) -> str:
    """What is asked for, in words."""
    return str(rules.CLAIMS.get(code, code))


@register.filter
def problem_label(code: str) -> str:
    """A problem class in the reader's language."""
    return regions.problem_label(code)


@register.filter
def masked_name(name: str) -> str:
    """林**."""
    return f"{name[:1]}{'*' * min(2, len(name) - 1)}"


@register.filter
def masked_phone(phone: str) -> str:
    """138****5678."""
    return phones.mask(phone)


@register.filter
def masked_address(address: str) -> str:
    """The first few characters of an address."""
    return f"{address[:SHOWN_OF_AN_ADDRESS]} ****"
