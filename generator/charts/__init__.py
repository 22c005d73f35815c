"""Charts: from an author's block and a dataset to a drawing, a text alternative and a table."""
