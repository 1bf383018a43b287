r"""Several things of one kind, kept apart by a number behind their label.

    horse 1| others| horse 2       two horses
    horse  | others| horse         what a grid without numbers says

Released models write labels alone; this is ours. Four rules make it exact:

number    Every instance has one, even the only one of its kind, so the label is what
          stands before the last blank: the 2nd ``number 7`` is ``number 7 2``.
order     Numbers run in reading order of the first cell, so a model knows the next
          number when it comes to a new instance. What got no cell comes last.
overlap   A pixel of two instances goes to the smaller one, which would vanish
          otherwise; of equal ones, to the later. Then each cell takes one label, by
          the rule of ``mask_to_grid``, and of equal shares the larger instance's.
small     With ``+keep``, an instance that got no cell is given the one that it fills
          most, but never the last cell of another; else it is ``lost``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from t4s_lib.descriptor import OTHERS, BoolMask, DescriptorGrid, Size, grid_size
from t4s_lib.grid import grid_to_mask, mask_to_grid
from t4s_lib.label_maps import as_bool

_NAME = re.compile(r"(?P<label>.+) (?P<number>[1-9][0-9]{0,8})", re.DOTALL | re.ASCII)


class Instance(NamedTuple):
    """One thing of a kind.

    Attributes:
        label: Its kind, e.g. ``"horse"``.
        number: Which one, from 1.
    """

    label: str
    number: int

    @property
    def name(self) -> str:
        """The label it has in a grid, e.g. ``"horse 2"``."""
        return f"{self.label} {self.number}"


def read_instance(name: str) -> Instance | None:
    """The instance that a grid's label names; None if it has no number.

    Examples:
        >>> read_instance("horse 2"), read_instance("number 7 1").label
        (Instance(label='horse', number=2), 'number 7')
        >>> read_instance("horse"), read_instance("horse 02")
        (None, None)
    """
    found = _NAME.fullmatch(name)
    return Instance(found["label"], int(found["number"])) if found else None


def instance_labels(label: str, most: int) -> tuple[str, ...]:
    """The labels of up to so many instances, for a grammar or a reader.

    Raises:
        ValueError: For an empty label or a number below 1.

    Examples:
        >>> instance_labels("horse", 3)
        ('horse 1', 'horse 2', 'horse 3')
    """
    if not label:
        raise ValueError("label is '', expected a word")
    if most < 1:
        raise ValueError(f"number of instances is {most}, expected 1 or more")
    return tuple(Instance(label, k).name for k in range(1, most + 1))


def instances_to_grid(
    masks: Sequence[ArrayLike] | Mapping[str, Sequence[ArrayLike]],
    label: str = "target",
    size: Size = 16,
    rule: str = "nearest+keep",
) -> DescriptorGrid:
    """Give each cell of a grid the label and number of the instance that it shows.

    Args:
        masks: One bool ``(H, W)`` mask an instance, in any order; or such masks by
            label, where there are several kinds. None at all is a grid of ``others``.
        label: The label of masks that come without.
        size: Grid side, or ``(rows, cols)``.
        rule: How a cell chooses, see ``mask_to_grid``.

    Returns:
        The grid. Its table has every instance that has pixels, kind by kind and by
        number; ``lost`` are those without a cell.

    Raises:
        ValueError: If a label is empty or the masks differ in shape; as
            ``mask_to_grid``.

    Examples:
        >>> far = np.zeros((4, 8), dtype=bool); far[:, 6:] = True
        >>> near = np.zeros((4, 8), dtype=bool); near[2:, :3] = True
        >>> grid = instances_to_grid([near, far], "horse", size=(2, 4))
        >>> grid.cells()[1]
        ['horse 2', 'others', 'others', 'horse 1']
    """
    by_label = masks if isinstance(masks, Mapping) else {label: masks}
    if "" in by_label:
        raise ValueError("label is '', expected a word")
    layers = [(name, as_bool(m)) for name, some in by_label.items() for m in some]
    painted = _small_last(layers)
    if not painted:
        return DescriptorGrid(np.zeros(grid_size(size), np.int32), (OTHERS,))
    drawn = {str(k): mask for k, (_, mask) in enumerate(painted)}
    kinds = [list(by_label).index(name) for name, _ in painted]
    return _numbered(mask_to_grid(drawn, size, rule=rule), kinds, list(by_label))


def grid_to_instances(
    grid: DescriptorGrid,
    label: str | None = None,
    size: tuple[int, int] | None = None,
) -> list[BoolMask]:
    """One mask an instance, in the order of their numbers; undoes the above.

    A number that no cell has is passed over; cells without a number are no instance.

    Args:
        grid: The grid, from ``instances_to_grid`` or read from a text.
        label: The kind; every kind, by order of the table, for None.
        size: Height and width of the masks, in pixels; the grid's own for None.

    Examples:
        >>> grid = DescriptorGrid.from_cells([["horse 2", "others", "horse 1"]])
        >>> [mask.tolist() for mask in grid_to_instances(grid, "horse")]
        [[[False, False, True]], [[True, False, False]]]
    """
    shape = grid.shape if size is None else size
    return [
        grid_to_mask(grid, shape, found.name) for found in instances_in(grid, label)
    ]


def instances_in(grid: DescriptorGrid, label: str | None = None) -> list[Instance]:
    """The instances that have a cell: kind by kind, and by number.

    Examples:
        >>> grid = DescriptorGrid.from_cells([["cow 1", "dog 2", "dog 1", "dog"]])
        >>> [found.name for found in instances_in(grid)]
        ['cow 1', 'dog 1', 'dog 2']
    """
    used = set(np.unique(grid.ids).tolist()) - {0}
    named = (read_instance(grid.labels[k]) for k in sorted(used))
    found = [one for one in named if one and label in (None, one.label)]
    kinds = list(dict.fromkeys(one.label for one in found))
    return sorted(found, key=lambda one: (kinds.index(one.label), one.number))


def components_to_instances(grid: DescriptorGrid, label: str) -> list[BoolMask]:
    """What is left to do where a text has no numbers: each connected part is one.

    Two that touch become one, and one behind a pole becomes two.

    Args:
        grid: A grid whose cells say ``label`` alone.
        label: The kind.

    Returns:
        Bool ``(rows, cols)`` masks, cells joined by their sides, in reading order.

    Examples:
        >>> grid = DescriptorGrid.from_cells([["cow", "cow", "others", "cow"]])
        >>> len(components_to_instances(grid, "cow"))
        2
    """
    left = np.isin(grid.ids, [k for k, n in enumerate(grid.labels) if k and n == label])
    found = []
    while left.any():
        part = _grown(left)
        found.append(part)
        left = left & ~part
    return found


def _grown(cells: BoolMask) -> BoolMask:
    """The part that holds the first cell."""
    part = np.zeros_like(cells)
    part[np.unravel_index(np.argmax(cells), cells.shape)] = True
    while True:
        wide = part.copy()
        wide[1:] |= part[:-1]
        wide[:-1] |= part[1:]
        wide[:, 1:] |= part[:, :-1]
        wide[:, :-1] |= part[:, 1:]
        wide &= cells
        if np.array_equal(wide, part):
            return part
        part = wide


def _small_last(layers: Sequence[tuple[str, BoolMask]]) -> list[tuple[str, BoolMask]]:
    """The masks in the order of painting, without empty ones."""
    areas = [int(np.count_nonzero(mask)) for _, mask in layers]
    order = sorted(range(len(layers)), key=lambda k: -areas[k])
    return [layers[k] for k in order if areas[k]]


def _numbered(
    grid: DescriptorGrid, kinds: Sequence[int], names: Sequence[str]
) -> DescriptorGrid:
    """The grid with numbers in reading order; ``kinds`` are positions in ``names``."""
    seen, first = np.unique(grid.ids, return_index=True)
    begins = dict(zip(seen.tolist(), first.tolist(), strict=True))
    last = grid.ids.size
    ranked = sorted(
        range(1, len(grid.labels)), key=lambda k: (kinds[k - 1], begins.get(k, last), k)
    )
    table, lost = [OTHERS], []
    place, counts = np.zeros(len(grid.labels), np.int32), [0] * len(names)
    for k in ranked:
        counts[kinds[k - 1]] += 1
        place[k] = len(table)
        table.append(Instance(names[kinds[k - 1]], counts[kinds[k - 1]]).name)
        lost += [table[-1]] if k not in begins else []
    return DescriptorGrid(place[grid.ids], table, lost)
