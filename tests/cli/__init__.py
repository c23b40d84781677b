"""The command line as a person meets it: words in, text and exit status out."""
