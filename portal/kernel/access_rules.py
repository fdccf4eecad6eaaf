"""How long the access log is kept."""

SHORTEST_YEARS = 3
"""No record of who looked at an identity goes before this (个保法56: records of handling are kept for three years at
least; 网络安全法21(三) asks six months of network logs). The database refuses to let a younger one go."""

USUAL_YEARS = 3
"""How long this house keeps them when it is told nothing else ([D]: set by this house, to be confirmed)."""
