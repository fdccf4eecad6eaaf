"""The mediation of one case: consents, lanes, messages, offers, agreement."""

from datetime import datetime
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from portal.kernel.crypto import SealedTextField
from portal.kernel.ids import PublicIdField


class Mediation(FSMModelMixin, models.Model):
    """The talks about one accepted case (调解)."""

    class State(models.TextChoices):
        INVITED = "invited", _("征求意见")
        IN_SESSION = "in_session", _("调解进行")
        APPRAISAL = "appraisal", _("鉴定检测中")
        AGREED = "agreed", _("达成协议")
        PERFORMED = "performed", _("已履行")
        BREACHED = "breached", _("未履行")
        ENDED = "ended", _("终止")

    TALKING: ClassVar[tuple[str, ...]] = (State.IN_SESSION, State.APPRAISAL)

    public_id = PublicIdField()
    case = models.OneToOneField("complaints.Case", on_delete=models.PROTECT, related_name="+")
    state = FSMField(max_length=12, default=State.INVITED, choices=State.choices, protected=True)
    mediator = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.public_id

    @transition(field=state, source=State.INVITED, target=State.IN_SESSION)
    def start(self, *, at: datetime) -> None:
        self.started_at = at

    @transition(field=state, source=State.IN_SESSION, target=State.APPRAISAL)
    def commission_appraisal(self) -> None:
        """D02 pauses from the commission to the receipt of the report (办法22)."""

    @transition(field=state, source=State.APPRAISAL, target=State.IN_SESSION)
    def receive_appraisal(self) -> None:
        """The report is here; D02 runs on."""

    @transition(field=state, source=State.IN_SESSION, target=State.AGREED)
    def agree(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field=state, source=[State.AGREED, State.BREACHED], target=State.PERFORMED)
    def perform(self) -> None:
        """What was agreed was done, if late."""

    @transition(field=state, source=State.AGREED, target=State.BREACHED)
    def breach(self) -> None:
        """The day passed and it was not done."""

    @transition(field=state, source=[State.INVITED, State.IN_SESSION, State.APPRAISAL], target=State.ENDED)
    def end(self, *, at: datetime) -> None:
        self.ended_at = at


class Side(models.TextChoices):
    """Who speaks: the two sides and the mediator."""

    CONSUMER = "consumer", _("消费者")
    MERCHANT = "merchant", _("商家")
    MEDIATOR = "mediator", _("调解员")


class Consent(models.Model):
    """One side's answer to the invitation to mediate (办法18): who, when, how."""

    class Way(models.TextChoices):
        ONLINE = "online", _("网上")
        PHONE = "phone", _("电话，由调解员记录")

    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="consents")
    side = models.CharField(max_length=10, choices=Side)
    agrees = models.BooleanField()
    way = models.CharField(max_length=8, choices=Way)
    by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mediation", "side"], name="one_answer_per_side"),
            models.CheckConstraint(name="only_parties_consent", condition=Q(side__in=["consumer", "merchant"])),
        ]

    def __str__(self) -> str:
        return f"{self.mediation_id} {self.side}"


class Lane(models.Model):
    """One lane of talk: joint, or a caucus of the mediator with one side. Its numbers are its own (会谈通道)."""

    class Kind(models.TextChoices):
        JOINT = "joint", _("三方共谈")
        CAUCUS_CONSUMER = "caucus_consumer", _("单独沟通：消费者")
        CAUCUS_MERCHANT = "caucus_merchant", _("单独沟通：商家")

    public_id = PublicIdField()
    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="lanes")
    kind = models.CharField(max_length=16, choices=Kind)
    last_seq = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["mediation", "kind"], name="one_lane_of_each_kind")]

    def __str__(self) -> str:
        return f"{self.mediation_id} {self.kind}"


class Message(models.Model):
    """One line of talk, numbered within its lane; never changed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, related_name="messages")
    seq = models.PositiveIntegerField()
    side = models.CharField(max_length=10, choices=Side, blank=True)
    by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=40, blank=True)
    text = SealedTextField()
    key = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lane", "seq"], name="one_message_per_place"),
            models.UniqueConstraint(fields=["lane", "by", "key"], condition=~Q(key=""), name="a_sent_message_once"),
        ]

    def __str__(self) -> str:
        return f"{self.lane_id} {self.seq}"


class Offer(models.Model):
    """One structured money offer (方案): made, countered, accepted, withdrawn or expired."""

    class State(models.TextChoices):
        OPEN = "open", _("等对方答复")
        ACCEPTED = "accepted", _("已接受")
        COUNTERED = "countered", _("对方提出新方案")
        DECLINED = "declined", _("未接受")
        WITHDRAWN = "withdrawn", _("已撤回")
        EXPIRED = "expired", _("已过期")

    public_id = PublicIdField()
    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="offers")
    side = models.CharField(max_length=10, choices=Side)
    by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField()
    terms_sealed = SealedTextField(aad_key="public_id")
    pay_by = models.DateField()
    answer_by = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    counters = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mediation"], condition=Q(state="open"), name="one_open_offer"),
            models.UniqueConstraint(fields=["mediation"], condition=Q(state="accepted"), name="one_accepted_offer"),
            models.CheckConstraint(name="an_offer_is_not_negative", condition=Q(amount_fen__gte=0)),
            models.CheckConstraint(
                name="answered_offers_have_a_time",
                condition=Q(state="open", answered_at=None) | (~Q(state="open") & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class Agreement(models.Model):
    """The text made from the accepted offer; both sides sign its one hash (调解协议, 文书式样九)."""

    public_id = PublicIdField()
    mediation = models.OneToOneField(Mediation, on_delete=models.PROTECT, related_name="agreement")
    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="+")
    text_sealed = SealedTextField(aad_key="public_id")
    sha256 = models.CharField(max_length=64)
    amount_fen = models.BigIntegerField()
    pay_by = models.DateField()
    made_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    performed_on = models.DateField(null=True)
    breached_on = models.DateField(null=True)
    document = models.OneToOneField("kernel.Document", on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="an_agreement_is_not_negative", condition=Q(amount_fen__gte=0)),
            models.CheckConstraint(
                name="performed_or_breached",
                condition=Q(performed_on=None) | Q(breached_on=None) | Q(performed_on__gte=models.F("breached_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class Signature(models.Model):
    """A signed-in party entered a fresh phone code over the shown hash (签名): method, time and hash are kept."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=10, choices=Side)
    by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=12, default="phone_code")
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "side"], name="one_signature_per_side"),
            models.CheckConstraint(name="only_parties_sign", condition=Q(side__in=["consumer", "merchant"])),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.side}"


class Appraisal(models.Model):
    """An appraisal or test that pauses D02 (鉴定、检测, 办法22): the evidence of when the pause began and ended."""

    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="appraisals")
    body = models.CharField(max_length=120)
    item = models.CharField(max_length=200)
    cost_note = models.CharField(max_length=200)
    commission_reference = models.CharField(max_length=80)
    commissioned_on = models.DateField()
    commissioned_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    report_reference = models.CharField(max_length=80, blank=True)
    received_on = models.DateField(null=True)
    received_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mediation"], condition=Q(received_on=None), name="one_open_appraisal"),
            models.CheckConstraint(
                name="a_received_report_has_its_evidence",
                condition=Q(received_on=None, received_by=None, report_reference="")
                | (Q(received_on__isnull=False, received_by__isnull=False) & ~Q(report_reference="")),
            ),
            models.CheckConstraint(
                name="a_report_comes_after_its_commission",
                condition=Q(received_on=None) | Q(received_on__gte=models.F("commissioned_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mediation_id} {self.commissioned_on}"
