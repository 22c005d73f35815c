"""Turn a council's markdown and CSV extracts into a static, checked, accessible site."""
