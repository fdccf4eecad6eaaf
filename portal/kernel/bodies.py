"""The bodies of the city pack as rows that cases, roles and papers can point at."""

from django.db import transaction

from portal.kernel import regions
from portal.kernel.models.user import Organisation


@transaction.atomic
def sync() -> int:
    """Create the pack's missing bodies and bring names, prefixes and contacts of the others up to date.

    Answers how many were new. A body that left the pack stays: old papers carry its name.
    """
    rows: dict[str, Organisation] = {}
    created = 0
    for body in regions.city().bodies:
        rows[body.code], is_new = Organisation.objects.update_or_create(
            code=body.code,
            defaults={
                "name": body.name,
                "short_name": body.short_name,
                "document_prefix": body.document_prefix,
                "kind": body.kind,
                "district": body.district,
                "phone": body.phone,
                "address": body.address,
            },
        )
        created += is_new
    for body in regions.city().bodies:
        row = rows[body.code]
        parent = rows.get(body.parent)
        if row.parent_id != (parent.pk if parent else None):
            row.parent = parent
            row.save(update_fields=["parent"])
    return created
