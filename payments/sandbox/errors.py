"""Refusals in Stripe's shape (https://docs.stripe.com/api/errors)."""

from typing import Any


class ApiError(Exception):
    """A refusal of the API. `stored` says that an idempotency key keeps it: the endpoint had begun to work."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        stored: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param
        self.stored = stored

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"message": self.message, "type": self.kind}
        if self.code:
            error["code"] = self.code
            error["doc_url"] = f"https://docs.stripe.com/error-codes#{self.code.replace('_', '-')}"
        if self.param:
            error["param"] = self.param
        return {"error": error}


def missing(kind: str, object_id: str, param: str) -> ApiError:
    """404: no such object, or it belongs to another key."""
    return ApiError(f"No such {kind}: '{object_id}'", status=404, code="resource_missing", param=param)


def refused(message: str, *, code: str | None = None, param: str | None = None) -> ApiError:
    """400 because of the object's state: sound parameters, so the answer is kept under the idempotency key."""
    return ApiError(message, code=code, param=param, stored=True)


def broken() -> ApiError:
    """500: what Stripe says when Stripe is at fault."""
    return ApiError("An unknown error occurred", status=500, kind="api_error", stored=True)


def locked() -> ApiError:
    """409: another request holds the object; nothing was done and nothing is kept under the idempotency key."""
    return ApiError(
        "This object cannot be accessed right now because another API request or Stripe process is currently accessing "
        "it. If you see this error intermittently, retry the request.",
        status=409,
        code="lock_timeout",
    )


def too_fast() -> ApiError:
    """429, before anything was looked at."""
    wrong = (
        "Request rate limit exceeded. You can learn more about rate limits here https://docs.stripe.com/rate-limits."
    )
    return ApiError(wrong, status=429, code="rate_limit")
