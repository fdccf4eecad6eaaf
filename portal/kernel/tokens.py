"""How a program signs in: knox's tokens, which in this house never run out by themselves."""

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from knox.models import AuthToken


class ClientToken(TokenAuthentication):  # type: ignore[misc]
    """knox's own check; it looks for a caller's outdated tokens only where tokens have an end at all."""

    def _cleanup_token(self, auth_token: AuthToken) -> bool:
        return auth_token.expiry is not None and bool(super()._cleanup_token(auth_token))


class ClientTokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]
    """How the schema describes it."""

    target_class = "portal.kernel.tokens.ClientToken"
