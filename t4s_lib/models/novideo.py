"""Processors that demand a video part, on a machine that reads pictures alone.

Qwen-VL, InternVL and SmolVLM take a video processor apart from the image one, and
transformers builds it with torchvision only; nothing turns it off. Where torchvision
is missing, ``install`` puts a stand-in there: pictures work as ever, a video is
refused in one line, and the folder's own video settings are kept when saving, so a
machine that has torchvision loads what this one saved.
"""

from __future__ import annotations

import importlib
from typing import Any, ClassVar

from transformers.utils import is_torchvision_available
from transformers.video_processing_utils import VideoProcessorMixin


class NoVideoProcessor(VideoProcessorMixin):  # type: ignore[misc]
    """Stands where a video processor must stand, and refuses videos.

    Args:
        raw: The settings found in the folder, given back when saved.
    """

    # What processors read even when there is no video.
    merge_size = 2
    temporal_patch_size = 2
    num_frames = 8
    fps = 1
    size: ClassVar = {"longest_edge": 512}
    video_size: ClassVar = size
    model_input_names: ClassVar[list[str]] = []

    def __init__(self, raw: dict[str, Any] | None = None, **_: Any) -> None:
        super().__init__()
        self._raw = dict(raw or {})

    @classmethod
    def from_folder(cls, name: Any, **_: Any) -> NoVideoProcessor:
        """The stand-in for a folder or Hub id, keeping its settings."""
        try:
            return cls(cls.get_video_processor_dict(name)[0])
        except OSError:  # the folder has none
            return cls()

    def preprocess(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse.

        Raises:
            NotImplementedError: Always.
        """
        raise NotImplementedError("videos need torchvision, which is not installed")

    def to_dict(self) -> dict[str, Any]:
        """The settings that were found."""
        return dict(self._raw)


def install() -> bool:
    """Let processors load without torchvision; nothing changes where it is there.

    Two places in transformers are changed: where a processor looks up the class its
    video part must have, and where ``AutoProcessor`` loads that part.

    Returns:
        Whether the stand-in is now in use.
    """
    if is_torchvision_available():
        return False
    # The import system's own modules: attributes of the package are placeholders.
    processing = importlib.import_module("transformers.processing_utils")
    automatic = importlib.import_module(
        "transformers.models.auto.video_processing_auto"
    )
    processing.transformers_module.VideoProcessorMixin = VideoProcessorMixin
    automatic.AutoVideoProcessor.from_pretrained = NoVideoProcessor.from_folder
    return True
