"""Syria's villages: a table of them, and where an article names one."""
