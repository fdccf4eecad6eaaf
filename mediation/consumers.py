"""The socket of a room."""

from typing import Any

from channels.db import database_sync_to_async
from django.contrib.auth.models import AnonymousUser

from mediation.models import Lane
from mediation.selectors.talks import lane_open_to
from mediation.services.messages import group_of
from portal.kernel.access import SECOND_FACTOR, Who
from portal.kernel.errors import Refused
from portal.kernel.models import User
from portal.kernel.realtime import Nudged

NO_SUCH_ROOM = 4404


class RoomConsumer(Nudged):
    """Tells a browser that its joint lane has something new.

    Frames carry the lane's sequence number and no content: the page then asks for what it lacks over HTTP, where
    access is checked and the same template renders for readers without a script. A lost frame costs a moment, never a
    message. `NO_SUCH_ROOM` also answers "not yours": a stranger learns nothing.
    """

    async def connect(self) -> None:
        lane = await self._lane()
        if lane is None:
            await self.close(code=NO_SUCH_ROOM)
            return
        await self.join(group_of(lane))
        await self.accept()

    async def nudge(self, message: dict[str, Any]) -> None:
        await self.send_json({"seq": message["numbers"]["seq"]})

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """What a browser sends is not listened to: people speak over HTTP."""

    @database_sync_to_async  # type: ignore[untyped-decorator]
    def _lane(self) -> Lane | None:
        who: Who = self.scope.get("user") or AnonymousUser()
        if isinstance(who, User) and who.is_staff and not self.scope["session"].get(SECOND_FACTOR):
            return None
        try:
            return lane_open_to(who=who, public_id=self.scope["url_route"]["kwargs"]["public_id"])
        except Refused:
            return None
