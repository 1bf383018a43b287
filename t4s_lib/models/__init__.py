"""Who writes the text: backbones from the Hub, toys of them, and the shipped one."""

from t4s_lib.models.errors import ModelError
from t4s_lib.models.families import FAMILIES, Family, family_of
from t4s_lib.models.loading import Backbone, load_backbone

__all__ = [
    "FAMILIES",
    "Backbone",
    "Family",
    "ModelError",
    "family_of",
    "load_backbone",
]
