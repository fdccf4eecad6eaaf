"""Messages to people: the inbox, what leaves the house, and the codes that prove a phone is in someone's hand."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.crypto import SealedTextField
from portal.kernel.ids import PublicIdField


class Notice(models.Model):
    """One message in one person's inbox (站内通知).

    It keeps the name of a registered text and its parameters (ids, codes, days), never prose: the words are made when
    it is read, in the reader's language.
    """

    public_id = PublicIdField()
    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="notices")
    name = models.CharField(max_length=60)
    subject_label = models.CharField(max_length=60, blank=True)
    subject_pk = models.CharField(max_length=40, blank=True)
    url_name = models.CharField(max_length=80, blank=True)
    url_args = models.JSONField(default=list)
    params = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.name} {self.public_id}"


class OutgoingMessage(models.Model):
    """One SMS or e-mail that leaves the house at most once (外发消息).

    `idempotency_key` is the gateway's key for it. Until the gateway has said what became of it, its outcome is
    unknown and is asked for before anything is sent again.
    """

    class Channel(models.TextChoices):
        SMS = "sms", _("短信")
        MAIL = "mail", _("电子邮件")

    class State(models.TextChoices):
        OWED = "owed", _("待发送")
        SENT = "sent", _("已发送")
        UNKNOWN = "unknown", _("结果未知")
        FAILED = "failed", _("发送失败")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    public_id = PublicIdField()
    name = models.CharField(max_length=60)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, null=True, blank=True, related_name="messages")
    channel = models.CharField(max_length=4, choices=Channel)
    idempotency_key = models.CharField(max_length=120, unique=True)
    address_sealed = SealedTextField()
    title = models.CharField(max_length=120, blank=True)
    text_sealed = SealedTextField()
    state = models.CharField(max_length=8, choices=State, default=State.OWED)
    attempts = models.PositiveSmallIntegerField(default=0)
    reference = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(db_index=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_sent_message_has_its_time",
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.name} {self.public_id}"


class PhoneCode(models.Model):
    """One six-digit code sent to one phone for one purpose (手机验证码); only its keyed hash is kept.

    `minute` makes two requests for one purpose in the same minute collide however they race.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    phone_index = models.CharField(max_length=64)
    purpose = models.CharField(max_length=40)
    subject = models.CharField(max_length=120, blank=True)
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    minute = models.BigIntegerField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["phone_index", "purpose", "minute"], name="one_phone_code_a_minute"),
            models.CheckConstraint(name="five_tries_a_phone_code", condition=Q(tries__lte=5)),
        ]
        indexes = [models.Index(fields=["phone_index", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"
