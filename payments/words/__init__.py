"""How money and what becomes of it is put into words."""
