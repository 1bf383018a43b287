"""The backbones that arithmetic knows by heart: no torch, no download.

Measured with ``meta.measure`` on models of the sizes in ``configs.py``; a test does it
again and compares. Linear layers are (inputs, outputs, how many).
"""

from __future__ import annotations

from t4s_lib.training.shapes import Shape

# fmt: off
_ALL = (
    Shape(
        "llava-hf/llava-1.5-7b-hf", "llava",
        parameters=7_063_427_072, layers=32, hidden=4_096,
        intermediate=11_008, kv_width=4_096, vocab=32_064,
        visual_tokens=576, patches=576,
        vision_layers=24, vision_hidden=1_024,
        linears={
            "language": (
                (4096, 4096, 128), (4096, 11008, 64), (11008, 4096, 32),
            ),
            "projector": (
                (1024, 4096, 1), (4096, 4096, 1),
            ),
            "vision": (
                (1024, 1024, 96), (1024, 4096, 24), (4096, 1024, 24),
            ),
        },
    ),
    Shape(
        "llava-hf/llava-1.5-13b-hf", "llava",
        parameters=13_351_494_656, layers=40, hidden=5_120,
        intermediate=13_824, kv_width=5_120, vocab=32_064,
        visual_tokens=576, patches=576,
        vision_layers=24, vision_hidden=1_024,
        linears={
            "language": (
                (5120, 5120, 160), (5120, 13824, 80), (13824, 5120, 40),
            ),
            "projector": (
                (1024, 5120, 1), (5120, 5120, 1),
            ),
            "vision": (
                (1024, 1024, 96), (1024, 4096, 24), (4096, 1024, 24),
            ),
        },
    ),
    Shape(
        "deepseek-community/deepseek-vl-1.3b-chat", "deepseek_vl",
        parameters=1_943_766_016, layers=24, hidden=2_048,
        intermediate=5_504, kv_width=2_048, vocab=102_400,
        visual_tokens=576, patches=576,
        vision_layers=24, vision_hidden=1_024,
        linears={
            "language": (
                (2048, 2048, 96), (2048, 5504, 48), (5504, 2048, 24),
            ),
            "projector": (
                (1024, 2048, 1), (2048, 2048, 1),
            ),
            "vision": (
                (1024, 1024, 96), (1024, 4096, 24), (4096, 1024, 24),
            ),
        },
    ),
    Shape(
        "deepseek-community/deepseek-vl-7b-chat", "deepseek_vl_hybrid",
        parameters=7_331_390_721, layers=30, hidden=4_096,
        intermediate=11_008, kv_width=4_096, vocab=102_400,
        visual_tokens=576, patches=576,
        vision_layers=24, vision_hidden=1_024,
        linears={
            "language": (
                (4096, 4096, 120), (4096, 11008, 60), (11008, 4096, 30),
            ),
            "projector": (
                (1024, 2048, 2), (4096, 4096, 1),
            ),
            "vision": (
                (768, 768, 12), (768, 2304, 12), (768, 3072, 12), (1024, 1024, 96),
                (1024, 4096, 24), (3072, 768, 12), (4096, 1024, 24),
            ),
        },
    ),
    Shape(
        "Qwen/Qwen2-VL-7B-Instruct", "qwen2_vl",
        parameters=8_291_375_616, layers=28, hidden=3_584,
        intermediate=18_944, kv_width=512, vocab=152_064,
        visual_tokens=256, patches=1_024,
        vision_layers=32, vision_hidden=1_280,
        linears={
            "language": (
                (3584, 512, 56), (3584, 3584, 56), (3584, 18944, 56),
                (18944, 3584, 28),
            ),
            "projector": (
                (5120, 3584, 1), (5120, 5120, 1),
            ),
            "vision": (
                (1280, 1280, 32), (1280, 3840, 32), (1280, 5120, 32),
                (5120, 1280, 32),
            ),
        },
    ),
    Shape(
        "Qwen/Qwen2.5-VL-3B-Instruct", "qwen2_5_vl",
        parameters=3_754_622_976, layers=36, hidden=2_048,
        intermediate=11_008, kv_width=256, vocab=151_936,
        visual_tokens=256, patches=1_024,
        vision_layers=32, vision_hidden=1_280,
        linears={
            "language": (
                (2048, 256, 72), (2048, 2048, 72), (2048, 11008, 72),
                (11008, 2048, 36),
            ),
            "projector": (
                (5120, 2048, 1), (5120, 5120, 1),
            ),
            "vision": (
                (1280, 1280, 32), (1280, 3420, 64), (1280, 3840, 32),
                (3420, 1280, 32),
            ),
        },
    ),
    Shape(
        "Qwen/Qwen2.5-VL-7B-Instruct", "qwen2_5_vl",
        parameters=8_292_166_656, layers=28, hidden=3_584,
        intermediate=18_944, kv_width=512, vocab=152_064,
        visual_tokens=256, patches=1_024,
        vision_layers=32, vision_hidden=1_280,
        linears={
            "language": (
                (3584, 512, 56), (3584, 3584, 56), (3584, 18944, 56),
                (18944, 3584, 28),
            ),
            "projector": (
                (5120, 3584, 1), (5120, 5120, 1),
            ),
            "vision": (
                (1280, 1280, 32), (1280, 3420, 64), (1280, 3840, 32),
                (3420, 1280, 32),
            ),
        },
    ),
    Shape(
        "Qwen/Qwen3-VL-8B-Instruct", "qwen3_vl",
        parameters=8_767_123_696, layers=36, hidden=4_096,
        intermediate=12_288, kv_width=1_024, vocab=151_936,
        visual_tokens=256, patches=1_024,
        vision_layers=27, vision_hidden=1_152,
        linears={
            "language": (
                (4096, 1024, 72), (4096, 4096, 72), (4096, 12288, 72),
                (12288, 4096, 36),
            ),
            "projector": (
                (4608, 4096, 4), (4608, 4608, 4),
            ),
            "vision": (
                (1152, 1152, 27), (1152, 3456, 27), (1152, 4304, 27),
                (4304, 1152, 27),
            ),
        },
    ),
    Shape(
        "OpenGVLab/InternVL3-8B-hf", "internvl",
        parameters=7_944_300_032, layers=28, hidden=3_584,
        intermediate=18_944, kv_width=512, vocab=151_674,
        visual_tokens=256, patches=1_024,
        vision_layers=24, vision_hidden=1_024,
        linears={
            "language": (
                (3584, 512, 56), (3584, 3584, 56), (3584, 18944, 56),
                (18944, 3584, 28),
            ),
            "projector": (
                (3584, 3584, 1), (4096, 3584, 1),
            ),
            "vision": (
                (1024, 1024, 96), (1024, 4096, 24), (4096, 1024, 24),
            ),
        },
    ),
    Shape(
        "google/gemma-3-4b-it", "gemma3",
        parameters=4_300_079_472, layers=34, hidden=2_560,
        intermediate=10_240, kv_width=1_024, vocab=262_208,
        visual_tokens=256, patches=4_096,
        vision_layers=27, vision_hidden=1_152,
        linears={
            "language": (
                (2048, 2560, 34), (2560, 1024, 68), (2560, 2048, 34),
                (2560, 10240, 68), (10240, 2560, 34),
            ),
            "vision": (
                (1152, 1152, 108), (1152, 4304, 27), (4304, 1152, 27),
            ),
        },
    ),
    Shape(
        "google/paligemma-3b-pt-224", "paligemma",
        parameters=2_923_466_480, layers=18, hidden=2_048,
        intermediate=16_384, kv_width=256, vocab=257_216,
        visual_tokens=256, patches=256,
        vision_layers=27, vision_hidden=1_152,
        linears={
            "language": (
                (2048, 256, 36), (2048, 2048, 36), (2048, 16384, 36),
                (16384, 2048, 18),
            ),
            "projector": (
                (1152, 2048, 1),
            ),
            "vision": (
                (1152, 1152, 108), (1152, 4304, 27), (4304, 1152, 27),
            ),
        },
    ),
)
# fmt: on

SHAPES: dict[str, Shape] = {shape.name: shape for shape in _ALL}
"""Hub id to numbers: the paper's backbones, or stand-ins, and a few newer ones."""
