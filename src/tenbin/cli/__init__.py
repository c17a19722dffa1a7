"""The command line: reads options, calls one study, prints what it found."""
