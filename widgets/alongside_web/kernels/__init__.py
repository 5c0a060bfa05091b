"""The Python processes behind the web pages: forked from one that has everything loaded, and handed to visitors."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alongside_web.kernels.course_kernels import CourseKernels, Full
    from alongside_web.kernels.forked import provisioner_name

__all__ = ["CourseKernels", "Full", "provisioner_name"]


def __getattr__(name: str) -> object:
    """Load what the web server asks for. The fork server and its kernels load this package too, and need none of it."""
    if name == "provisioner_name":
        from alongside_web.kernels import forked  # noqa: PLC0415  as above

        return forked.provisioner_name
    if name in __all__:
        from alongside_web.kernels import course_kernels  # noqa: PLC0415  as above

        value: object = getattr(course_kernels, name)
        return value
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
