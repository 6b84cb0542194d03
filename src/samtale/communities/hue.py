"""The colour of a community: chosen, else always the same one for a slug."""

import zlib

HUES = ("rav", "korn", "mos", "skov", "hav", "fjord", "himmel", "bolge", "viol", "lyng")


def hue_of(slug: str) -> str:
    return HUES[zlib.crc32(slug.encode()) % len(HUES)]
