"""Six slides with native charts that can be edited: what a board sees, in the customer's own template where there is one."""

from tenbin.reporting.slides.writing import write_slides

__all__ = ["write_slides"]
