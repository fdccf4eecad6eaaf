"""Everything that is the city's and not the law's, as reviewed data files: one folder a city, chosen by PORTAL_CITY.

PORTAL_CITY is the name of a folder here or the path of one elsewhere. Every file is read at the start, and a mistake
in one stops it with a sentence that names file and key. A database stays with the city that it began with.
"""
