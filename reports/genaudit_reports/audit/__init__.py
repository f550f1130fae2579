"""The page of an audit of a table: its sections in the order of the record, its tables and its charts."""
