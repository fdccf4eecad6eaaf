"""Files people send in and papers the house makes: only ever stored sealed."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.crypto import SealedTextField
from portal.kernel.ids import PublicIdField


class Upload(models.Model):
    """One file: its sealed original, untouched and hashed, and a clean copy that may be shown (文件).

    `owner_label` and `owner_pk` name the row it belongs to; who may read it is that row's matter
    (`files.register_owner`). A file that no scanner has passed is 未扫描: it is handed out as a download, never shown.
    """

    class State(models.TextChoices):
        UNSCANNED = "unscanned", _("未扫描")
        CLEAN = "clean", _("已查毒，可用")
        REFUSED = "refused", _("查出病毒，已隔离")

    class Kind(models.TextChoices):
        JPEG = "jpeg", _("照片（JPEG）")
        PNG = "png", _("图片（PNG）")
        WEBP = "webp", _("图片（WebP）")
        PDF = "pdf", _("PDF 文件")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    public_id = PublicIdField()
    owner_label = models.CharField(max_length=60, blank=True)
    owner_pk = models.CharField(max_length=40, blank=True)
    name_sealed = SealedTextField(null=True, blank=True)
    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    size = models.PositiveIntegerField(_("大小"))
    original_sha256 = models.CharField(max_length=64)
    clean_size = models.PositiveIntegerField(default=0)
    clean_sha256 = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.UNSCANNED)
    received_at = models.DateTimeField(_("收到时间"))
    scanned_at = models.DateTimeField(null=True, blank=True)
    uploaded_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_upload_has_both_parts_of_its_owner",
                condition=Q(owner_label="", owner_pk="") | (~Q(owner_label="") & ~Q(owner_pk="")),
            ),
        ]
        indexes = [models.Index(fields=["owner_label", "owner_pk"])]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_shown_inline(self) -> bool:
        """Whether a page may show it: an image that a scanner has passed."""
        return self.state == self.State.CLEAN and self.kind != self.Kind.PDF
