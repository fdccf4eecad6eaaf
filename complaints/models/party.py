"""Who the two sides are: sealed, apart from the case."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kernel.crypto import SealedTextField


class Party(models.Model):
    """One consumer of a case with the identity the law asks for (真实身份信息), sealed; read only through `identities`.

    `verification` says how far the identity was checked; a phone code alone is 未核验.
    """

    class Verification(models.TextChoices):
        UNVERIFIED = "unverified", _("未核验")
        VERIFIED = "verified", _("已核验")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.OneToOneField("complaints.Case", on_delete=models.PROTECT, related_name="consumer")
    user = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    name = SealedTextField()
    phone = SealedTextField()
    address = SealedTextField()
    id_type = models.CharField(max_length=20, blank=True)
    id_number = SealedTextField(null=True)
    phone_index = models.CharField(max_length=64, db_index=True)
    name_index = models.CharField(max_length=64, db_index=True)
    id_index = models.CharField(max_length=64, blank=True, db_index=True)
    verification = models.CharField(max_length=12, choices=Verification, default=Verification.UNVERIFIED)

    class Meta:
        verbose_name = _("投诉人")
        indexes: ClassVar = [models.Index(fields=["user"])]

    def __str__(self) -> str:
        return str(self.id)


class Respondent(models.Model):
    """What the consumer wrote of the shop, kept as written (被投诉人); the case's shop row may be corrected later."""

    case = models.OneToOneField("complaints.Case", on_delete=models.PROTECT, related_name="respondent")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.name


class Supplement(models.Model):
    """Facts a party adds between filing and closing (补充材料)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.PROTECT, related_name="supplements")
    by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    text = SealedTextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class Evidence(models.Model):
    """One file of a case (证据)."""

    case = models.ForeignKey("complaints.Case", on_delete=models.PROTECT, related_name="evidence")
    upload = models.OneToOneField("kernel.Upload", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.upload_id)
