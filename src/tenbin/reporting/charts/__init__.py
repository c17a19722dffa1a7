"""One module per chart: ``draw(data, axes, style)`` returns the axes, ``page`` sets it with its texts, ``summary`` says it."""
