"""People who sign in, the bodies they belong to, and the roles they hold there."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.kernel.crypto import SealedTextField
from portal.kernel.ids import PublicIdField

if TYPE_CHECKING:
    from portal.kernel.access import Role


class Organisation(models.Model):
    """A body that acts: a bureau, the hub, an association, a fund body, a scheme office (机构)."""

    class Kind(models.TextChoices):
        HUB = "hub", _("统一受理机构")
        BUREAU = "bureau", _("市场监督管理局")
        DEPARTMENT = "department", _("其他部门")
        ASSOCIATION = "association", _("消费者协会")
        MEDIATION_BODY = "mediation_body", _("调解组织")
        FUND = "fund", _("先行赔付机构")
        SCHEME_OFFICE = "scheme_office", _("承诺店主管部门")
        CITY = "city", _("市级机关")

    public_id = PublicIdField()
    code = models.CharField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    short_name = models.CharField(_("简称"), max_length=40)
    document_prefix = models.CharField(_("文号前缀"), max_length=20, blank=True)
    kind = models.CharField(_("类别"), max_length=20, choices=Kind)
    district = models.CharField(_("区"), max_length=6, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str | None = None, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """Someone who signs in: citizens and merchants by phone code, staff with a second factor, agencies by token.

    A citizen row holds a phone number sealed and its blind index, and no name: names live sealed on filings.
    """

    class Kind(models.TextChoices):
        CITIZEN = "citizen", _("消费者")
        MERCHANT = "merchant", _("经营者")
        STAFF = "staff", _("工作人员")
        CLIENT = "client", _("接口用户")

    public_id = PublicIdField()
    kind = models.CharField(max_length=10, choices=Kind)
    username = models.CharField(_("用户名"), max_length=60, unique=True, null=True, blank=True)
    display_name = models.CharField(_("姓名"), max_length=60, blank=True)
    email = models.EmailField(_("电子邮件"), blank=True)
    phone_sealed = SealedTextField(aad_key="public_id", null=True, blank=True)
    phone_index = models.CharField(max_length=64, unique=True, null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="staff_and_clients_have_a_username",
                condition=~Q(kind__in=["staff", "client"]) | Q(username__isnull=False),
            ),
            models.CheckConstraint(
                name="citizens_and_merchants_have_a_phone",
                condition=~Q(kind__in=["citizen", "merchant"]) | Q(phone_index__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.public_id

    @property
    def is_staff(self) -> bool:
        """Staff of a body; Django's admin site is not used."""
        return self.kind == self.Kind.STAFF

    @cached_property
    def roles(self) -> "frozenset[Role]":
        """The roles this person holds in any active body."""
        return frozenset(role for role, _unit in self._held)

    def unit_ids(self, *roles: "Role") -> frozenset[int]:
        """The bodies in which this person holds one of *roles* (any role when none is named)."""
        return frozenset(unit for role, unit in self._held if not roles or role in roles)

    @cached_property
    def _held(self) -> "tuple[tuple[Role, int], ...]":
        from portal.kernel.access import Role

        rows = self.memberships.filter(organisation__is_active=True).values_list("role", "organisation_id")
        return tuple((Role(role), unit) for role, unit in rows) if self.is_active else ()


class Membership(models.Model):
    """One role of one member of staff in one body (岗位)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=24)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation", "role"], name="one_membership_per_role")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.organisation_id}"
