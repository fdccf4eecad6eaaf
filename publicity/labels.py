"""The words behind the codes of facts and records, from the city pack and the models."""

from portal.kernel import regions
from portal.kernel.models import Organisation
from publicity.models import CaseFact


def words() -> dict[str, dict[str, str]]:
    """Per facet, the word of every code, in the reader's language where there is one."""
    city = regions.city()
    return {
        "district": {row.code: row.label for row in city.districts},
        "problem": {row.code: row.label for row in city.problems},
        "object_class": {row.code: row.label for row in city.objects},
        "sale_mode": {row.code: row.label for row in city.sale_modes},
        "channel": {row.code: row.label for row in city.channels},
        "outcome": {value: str(label) for value, label in CaseFact.Outcome.choices},
        "unit": {
            **dict(Organisation.objects.values_list("code", "name")),
            **{row.code: row.label for row in city.bodies},
        },
    }
