"""One case's whole story for the person in charge of personal data: everything that was done, by whom, reads included.

It is told in the words of events, clocks, notices, papers, jobs and the access log; never a text, a name or a telephone
of a party. Rooms say which rows belong to a case; upper rooms add theirs to the kinds of lower ones.
"""

from portal.kernel.stories.kinds import Kind, Part, adds, register
from portal.kernel.stories.telling import Story, find, story_of

__all__ = ["Kind", "Part", "Story", "adds", "find", "register", "story_of"]
