"""Shops: whom a dispute is with and whom the public looks up."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.ids import PublicIdField


class Shop(models.Model):
    """A business as the public meets it (经营者): registered, or provisional until staff know which one it is.

    A merged shop stays as a signpost: `merged_into` names where its record went.
    """

    class State(models.TextChoices):
        PROVISIONAL = "provisional", _("待核实")
        KNOWN = "known", _("已核实")
        MERGED = "merged", _("已并入")

    public_id = PublicIdField()
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.PROVISIONAL)
    name = models.CharField(_("名称"), max_length=120)
    signboard = models.CharField(_("招牌"), max_length=120, blank=True)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    district = models.CharField(_("区"), max_length=6)
    address = models.CharField(_("经营地址"), max_length=200, blank=True)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    trade = models.CharField(_("行业"), max_length=20, blank=True)
    search_key = models.CharField(max_length=300, blank=True, db_index=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    merged_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["uscc", "signboard", "address"], condition=~Q(uscc=""), name="one_shop_per_door"
            ),
            models.CheckConstraint(
                name="merged_shops_point_somewhere",
                condition=Q(state="merged", merged_into__isnull=False, merged_on__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None, merged_on=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.signboard or self.name


class ShopAlias(models.Model):
    """Another name under which people look for a shop (曾用名、简称)."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=120)
    search_key = models.CharField(max_length=300, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["shop", "name"], name="an_alias_once")]

    def __str__(self) -> str:
        return self.name


class ShopContact(models.Model):
    """A person who speaks for a shop here, and how that was verified; never by merely knowing a number."""

    class Method(models.TextChoices):
        LETTER = "letter", _("寄码到登记地址")
        LICENCE = "licence", _("营业执照由工作人员核对")

    public_id = PublicIdField()
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="contacts")
    user = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="shop_contacts")
    method = models.CharField(max_length=10, choices=Method)
    verified_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "user"], condition=Q(ended_at=None), name="one_contact_row_per_shop"
            ),
            models.CheckConstraint(name="nobody_verifies_themselves", condition=~Q(user=models.F("verified_by"))),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.user_id}"
