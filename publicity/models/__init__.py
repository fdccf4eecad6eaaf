"""The public register's tables."""

from publicity.models.disclosure import Disclosure, LogLeaf
from publicity.models.fact import CaseFact
from publicity.models.pledge import Pledge
from publicity.models.release import Release
from publicity.models.shop import Shop, ShopAlias, ShopContact

__all__ = ["CaseFact", "Disclosure", "LogLeaf", "Pledge", "Release", "Shop", "ShopAlias", "ShopContact"]
