"""What the numbers of the label pictures mean: VOC, PASCAL Context, ADE20K, COCO.

Position ``k`` of a tuple is class ``k + 1``; 0 is no class. Where a data set writes
two words as one (``pottedplant``) or puts the kind behind the thing (``wall-brick``),
the name here is plain English, as a model reads and writes it.
"""

from __future__ import annotations


def _names(text: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in text.split(","))


VOC_20 = _names(
    """aeroplane, bicycle, bird, boat, bottle, bus, car, cat, chair, cow, dining table,
    dog, horse, motorbike, person, potted plant, sheep, sofa, train, tv monitor"""
)
"""PASCAL VOC 2012, in the order of the development kit."""

CONTEXT_59 = _names(
    """aeroplane, bag, bed, bedclothes, bench, bicycle, bird, boat, book, bottle,
    building, bus, cabinet, car, cat, ceiling, chair, cloth, computer, cow, cup,
    curtain, dog, door, fence, floor, flower, food, grass, ground, horse, keyboard,
    light, motorbike, mountain, mouse, person, plate, platform, potted plant, road,
    rock, sheep, shelves, sidewalk, sign, sky, snow, sofa, table, track, train, tree,
    truck, tv monitor, wall, water, window, wood"""
)
"""PASCAL Context, its 59 frequent classes, by alphabet."""

ADE_150 = _names(
    """wall, building, sky, floor, tree, ceiling, road, bed, windowpane, grass,
    cabinet, sidewalk, person, earth, door, table, mountain, plant, curtain, chair,
    car, water, painting, sofa, shelf, house, sea, mirror, rug, field, armchair, seat,
    fence, desk, rock, wardrobe, lamp, bathtub, railing, cushion, base, box, column,
    signboard, chest of drawers, counter, sand, sink, skyscraper, fireplace,
    refrigerator, grandstand, path, stairs, runway, case, pool table, pillow,
    screen door, stairway, river, bridge, bookcase, blind, coffee table, toilet,
    flower, book, hill, bench, countertop, stove, palm, kitchen island, computer,
    swivel chair, boat, bar, arcade machine, hovel, bus, towel, light, truck, tower,
    chandelier, awning, streetlight, booth, television receiver, airplane, dirt track,
    apparel, pole, land, bannister, escalator, ottoman, bottle, buffet, poster, stage,
    van, ship, fountain, conveyer belt, canopy, washer, plaything, swimming pool,
    stool, barrel, basket, waterfall, tent, bag, minibike, cradle, oven, ball, food,
    step, tank, trade name, microwave, pot, animal, bicycle, lake, dishwasher, screen,
    blanket, sculpture, hood, sconce, vase, traffic light, tray, ashcan, fan, pier,
    crt screen, plate, monitor, bulletin board, shower, radiator, glass, clock, flag"""
)
"""ADE20K's scene parsing benchmark: the first name of each of its 150 classes."""

_THINGS = _names(
    """person, bicycle, car, motorcycle, airplane, bus, train, truck, boat,
    traffic light, fire hydrant, -, stop sign, parking meter, bench, bird, cat, dog,
    horse, sheep, cow, elephant, bear, zebra, giraffe, -, backpack, umbrella, -, -,
    handbag, tie, suitcase, frisbee, skis, snowboard, sports ball, kite, baseball bat,
    baseball glove, skateboard, surfboard, tennis racket, bottle, -, wine glass, cup,
    fork, knife, spoon, bowl, banana, apple, sandwich, orange, broccoli, carrot,
    hot dog, pizza, donut, cake, chair, couch, potted plant, bed, -, dining table, -,
    -, toilet, -, tv, laptop, mouse, remote, keyboard, cell phone, microwave, oven,
    toaster, sink, refrigerator, -, book, clock, vase, scissors, teddy bear,
    hair drier, toothbrush, -"""
)
_STUFF = _names(
    """banner, blanket, branch, bridge, building, bush, cabinet, cage, cardboard,
    carpet, ceiling, tile ceiling, cloth, clothes, clouds, counter, cupboard, curtain,
    desk, dirt, door, fence, marble floor, floor, stone floor, tile floor, wood floor,
    flower, fog, food, fruit, furniture, grass, gravel, ground, hill, house, leaves,
    light, mat, metal, mirror, moss, mountain, mud, napkin, net, paper, pavement,
    pillow, plant, plastic, platform, playing field, railing, railroad, river, road,
    rock, roof, rug, salad, sand, sea, shelf, sky, skyscraper, snow, solid, stairs,
    stone, straw, structure, table, tent, textile, towel, tree, vegetable, brick wall,
    concrete wall, wall, panel wall, stone wall, tile wall, wood wall, water,
    waterdrops, window blind, window, wood"""
)
_BY_ID = dict(enumerate((*_THINGS, *_STUFF), start=1))

COCO_STUFF_IDS = tuple(number for number, name in _BY_ID.items() if name != "-")
"""COCO's number (1 to 182) of each class of COCO-Stuff."""

COCO_STUFF_171 = tuple(_BY_ID[number] for number in COCO_STUFF_IDS)
"""COCO-Stuff: 80 things, then 91 kinds of stuff, in the order of their numbers."""
