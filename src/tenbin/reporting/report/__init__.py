"""The report: one HTML file that holds everything and asks nothing of a network.

``data`` is what it shows, ``page`` what its templates ask, ``figures`` its drawings, ``writing`` makes the file.
"""

from tenbin.reporting.report.data import ReportData
from tenbin.reporting.report.writing import report_html

__all__ = ["ReportData", "report_html"]
