"""The interview: a company's answers in plain words → an ordinary case and cost table."""
