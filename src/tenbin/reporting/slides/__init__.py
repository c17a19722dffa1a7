"""Six slides with native charts that can be edited: what a board sees, in the customer's own template where there is one."""

from tenbin.reporting.slides.writing import check_slides, write_slides

__all__ = ["check_slides", "write_slides"]
