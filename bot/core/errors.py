"""Every error of this project.

    ZhangguiError
    ├── Malformed        400  the body is not what the endpoint can read at all
    ├── Unauthorized     401  no key, a bad or an expired token
    ├── Forbidden        403  known, but not allowed to do this
    ├── NotFound         404  there is no such thing, or it is somebody else's
    ├── Conflict         409  the same id with other content, or a step already taken
    ├── TooLarge         413  over a size limit
    ├── Unsupported      415  a media type nobody here reads
    ├── Invalid          422  readable, but a value is out of its range
    ├── RateLimited      429  too many requests; says when to come again
    └── Unavailable      503  a part is down or slow; says when to come again
        ├── NluUnavailable
        ├── DialogueUnavailable
        └── ShopUnavailable       the outcome of a write is unknown

The status of each is chosen in `server/errors.py`; `code` is what clients test (contract: Errors).
"""

from __future__ import annotations


class ZhangguiError(Exception):
    """Anything this project refuses or fails at; `field` names the offending input, when there is one."""

    code = "error"

    def __init__(self, message: str, *, field: str | None = None, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.retry_after_s = retry_after_s


class Malformed(ZhangguiError):
    code = "malformed"


class Unauthorized(ZhangguiError):
    code = "unauthorized"


class Forbidden(ZhangguiError):
    code = "forbidden"


class NotFound(ZhangguiError):
    code = "not_found"


class Conflict(ZhangguiError):
    code = "conflict"


class TooLarge(ZhangguiError):
    code = "too_large"


class Unsupported(ZhangguiError):
    code = "unsupported"


class Invalid(ZhangguiError):
    code = "invalid"


class RateLimited(ZhangguiError):
    code = "rate_limited"


class Unavailable(ZhangguiError):
    code = "unavailable"


class NluUnavailable(Unavailable):
    """The NLU process gave no parse in time."""


class DialogueUnavailable(Unavailable):
    """The dialogue process gave no turn in time, or an action in it failed; nothing of the turn was kept."""


class ShopUnavailable(Unavailable):
    """The shop did not answer in time; a write may or may not have happened."""
