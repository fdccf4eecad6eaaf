"""Papers the house issues (文书)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.crypto import SealedTextField
from portal.kernel.ids import PublicIdField


class Document(models.Model):
    """One issued paper: number, verify code and the hash of its data exist from the moment it is issued.

    The PDF follows from a job (`owed` → `made`). What was issued is never changed; it can only be revoked, which the
    verify page then says. `lacks_glyphs` marks a paper that could not be made archival because a character is missing
    from every font; `seal_mark` says which seal is on it (`demo` is visibly one).
    """

    class State(models.TextChoices):
        OWED = "owed", _("正在制作")
        MADE = "made", _("有效")
        REVOKED = "revoked", _("已撤销")

    class Seal(models.TextChoices):
        NONE = "none", _("未加盖电子印章")
        DEMO = "demo", _("演示用章")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    public_id = PublicIdField()
    kind = models.CharField(max_length=40)
    subject_label = models.CharField(max_length=60)
    subject_pk = models.CharField(max_length=40)
    unit = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    number = models.CharField(_("文号"), max_length=60, unique=True, null=True, blank=True)
    verify_code = models.CharField(_("验真码"), max_length=12, unique=True)
    data_sealed = SealedTextField()
    data_sha256 = models.CharField(max_length=64)
    pdf = models.OneToOneField("kernel.Upload", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OWED)
    seal_mark = models.CharField(max_length=8, choices=Seal, default=Seal.NONE)
    lacks_glyphs = models.BooleanField(default=False)
    issued_at = models.DateTimeField(_("签发时间"))
    issued_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_made_paper_has_its_pdf",
                condition=Q(pdf__isnull=True, pdf_sha256="", made_at=None)
                | (Q(pdf__isnull=False, made_at__isnull=False) & ~Q(pdf_sha256="")),
            ),
            models.CheckConstraint(name="a_paper_in_force_was_made", condition=~Q(state="made") | Q(pdf__isnull=False)),
            models.CheckConstraint(
                name="a_revoked_paper_has_its_day",
                condition=Q(state="revoked", revoked_at__isnull=False) | (~Q(state="revoked") & Q(revoked_at=None)),
            ),
        ]
        indexes = [models.Index(fields=["subject_label", "subject_pk", "kind"])]

    def __str__(self) -> str:
        return self.number or self.public_id

    @property
    def sha256(self) -> str:
        """The hash of the sheet, empty until it is made."""
        return self.pdf_sha256
