"""Where a backbone is: in the package, in a folder, on the Hub; and why it is not."""

from __future__ import annotations

import re
from pathlib import Path

from t4s_lib.models import checkpoints
from t4s_lib.models.errors import ModelError

_HUB_ID = re.compile(r"[\w-][\w.-]*/[\w.-]+")
_TINY_BASE = ("models", "tiny", "base")


def resolve(name: str | Path) -> tuple[str, Path | None]:
    """The base, a folder or a Hub id, and the adapter that the name implies.

    Raises:
        ModelError: If there is no such thing, or a file of it is not whole.
    """
    if name in ("tiny", "tiny-base"):
        from t4s_lib.models import tiny

        base, adapter = tiny.folder("base"), tiny.folder("adapter")
        for part in (base, adapter) if name == "tiny" else (base,):
            if not part.is_dir():
                raise ModelError(f"the shipped model is not whole: {part} is missing")
        checkpoints.check_model(base)
        return str(base), adapter if name == "tiny" else None
    if not Path(name).is_dir():
        if Path(name).exists() or not _HUB_ID.fullmatch(str(name)):
            wanted = "'tiny', 'tiny-base', a folder that exists, or a Hub id owner/name"
            raise ModelError(f"model is {str(name)!r}, expected {wanted}")
        return str(name), None
    folder = Path(name).resolve()
    if (folder / checkpoints.ADAPTER_CONFIG).exists():
        return _base_of(folder), folder
    checkpoints.check_model(folder)
    return str(folder), None


def _base_of(adapter: Path) -> str:
    """The base that an adapter names; ours wherever this package now lies."""
    settings = checkpoints.read_settings(adapter / checkpoints.ADAPTER_CONFIG)
    base = settings.get("base_model_name_or_path")
    if not base or not isinstance(base, str):
        raise ModelError(f"{adapter / checkpoints.ADAPTER_CONFIG} names no base model")
    if not Path(base).is_dir() and Path(base).parts[-3:] == _TINY_BASE:
        base = "tiny-base"
    if (Path(base) / checkpoints.ADAPTER_CONFIG).exists():
        raise ModelError(f"adapter {adapter} needs its base: {base} is an adapter too")
    try:
        return resolve(base)[0]
    except ModelError as error:
        raise ModelError(f"adapter {adapter} needs its base: {error}") from error


def local_adapter(adapter: str | Path) -> Path:
    """The folder of a whole adapter; one on the Hub is fetched.

    Raises:
        ModelError: If it is neither here nor reachable, or not whole.
    """
    folder = Path(adapter) if Path(adapter).is_dir() else _fetched(adapter)
    checkpoints.check_adapter(folder)
    return folder


def _fetched(adapter: str | Path) -> Path:
    if not _HUB_ID.fullmatch(str(adapter)):
        raise ModelError(f"adapter is {str(adapter)!r}, expected a folder that exists")
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(str(adapter)))
    except (OSError, ValueError) as error:
        raise unreachable(str(adapter), error) from error


def unreachable(name: str, error: Exception) -> ModelError:
    """Why a model that is not in a folder could not be had."""
    from huggingface_hub import errors
    from huggingface_hub.constants import is_offline_mode

    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None:
        causes.append(cause)
    if any(isinstance(cause, errors.GatedRepoError) for cause in causes):
        why = "its terms must be accepted on the Hub first, then `hf auth login`"
    elif any(isinstance(cause, errors.RepositoryNotFoundError) for cause in causes):
        why = "the Hub has no such model, or it is private"
    elif is_offline_mode():
        why = "it is not in the cache, and HF_HUB_OFFLINE=1 forbids to download it"
    elif any(isinstance(cause, errors.LocalEntryNotFoundError) for cause in causes):
        why = "it is not in the cache, and the Hub cannot be reached"
    else:
        why = one_line(error)
    return ModelError(f"{name} cannot be loaded: {why}")


def one_line(error: Exception) -> str:
    """An error in one line."""
    return " ".join(str(error).split())
