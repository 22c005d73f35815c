Named by its bytes.
