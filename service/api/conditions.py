"""Who asks, and which version they have seen: the headers of a change."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import unquote

from fastapi import Depends, Header
from pydantic import TypeAdapter, ValidationError

from glossary.concept import Label
from service.errors import RequestError

ANONYMOUS = "anonymous"
_TAG = re.compile(r'"([1-9]\d{0,8})"')
_LABEL: TypeAdapter[str] = TypeAdapter(Label)


class BadUser(RequestError):
    """The name cannot be shown."""

    code = "bad_user"
    remedy = "Send X-Isogloss-User with one line of at most 100 characters in UTF-8."

    def __init__(self, why: str) -> None:
        super().__init__(f"The header X-Isogloss-User cannot be used: {why}.")


class BadCondition(RequestError):
    """A condition that is not of a form that we send."""

    code = "bad_condition"
    remedy = 'Send the ETag as it came, for example If-Match: "3", or If-None-Match: * for new.'

    def __init__(self, header: str, value: str) -> None:
        super().__init__(f"The condition {header}: {value} cannot be read.")


class ConditionMissing(RequestError):
    """A change of something that exists must say which version was seen."""

    code = "condition_missing"
    status = 428

    def __init__(self, what: str, version: int) -> None:
        self.remedy = "Send If-Match with the ETag of what you changed, or If-Match: * for any."
        super().__init__(f'{what} exists (its ETag is "{version}"), and If-Match is missing.')


def etag(version: int) -> str:
    """A version as an ETag."""
    return f'"{version}"'


def _user(
    x_isogloss_user: Annotated[
        str | None,
        Header(description="Who makes the change, for the history; UTF-8, may be percent-encoded."),
    ] = None,
) -> str:
    if not x_isogloss_user or not x_isogloss_user.strip():
        return ANONYMOUS
    raw = x_isogloss_user.encode("latin-1")  # as HTTP hands it over
    try:
        return _LABEL.validate_python(unquote(raw.decode("utf-8"), errors="strict"))
    except UnicodeDecodeError as error:
        raise BadUser("it is not UTF-8") from error
    except ValidationError as error:
        raise BadUser(str(error.errors()[0]["msg"])) from error


User = Annotated[str, Depends(_user)]
"""Who asks. Nothing checks it: that is the task of a proxy before the service."""


class Condition:
    """What ``If-Match`` and ``If-None-Match`` ask for."""

    def __init__(
        self,
        if_match: Annotated[
            str | None, Header(description='ETag of the version that was changed, like "3"; or *.')
        ] = None,
        if_none_match: Annotated[
            str | None, Header(description="* when it must not exist yet.")
        ] = None,
    ) -> None:
        self.version: int | None = None
        self.any = if_match is not None and if_match.strip() == "*"
        self.new = if_none_match is not None and if_none_match.strip() == "*"
        if if_match is not None and not self.any:
            tag = _TAG.fullmatch(if_match.strip())
            if not tag or self.new:
                raise BadCondition("If-Match", if_match)
            self.version = int(tag.group(1))
        elif self.any and self.new:
            raise BadCondition("If-None-Match", "*")

    def required(self, what: str, current: int) -> int | None:
        """The version that was seen, of something at version ``current``; ``None``: any.

        Raises:
            ConditionMissing: nothing was said.
        """
        if self.version is None and not self.any:
            raise ConditionMissing(what, current)
        return self.version


Conditions = Annotated[Condition, Depends()]
