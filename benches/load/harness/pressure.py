def section(settings): return ""
