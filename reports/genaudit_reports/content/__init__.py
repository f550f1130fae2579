"""What the page says, made from the record: sentences, rows and tables, without a trace of HTML."""
