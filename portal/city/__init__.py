"""Everything that is the city's and not the law's, as reviewed data files: one folder a city, chosen by CITY."""
