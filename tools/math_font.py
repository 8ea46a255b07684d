"""Makes the formula font of the lab: the few hundred signs of STIX Math that statements use.

Not every system has a font whose brackets grow with a matrix. Run with fonttools, brotli and the
file STIXMath-Regular.otf (Debian: fonts-stix 1.1.1):

    python tools/math_font.py /usr/share/fonts/opentype/stix-word/STIXMath-Regular.otf
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset

TARGET = Path(__file__).parent.parent / "web" / "fonts" / "handgrad-math.woff2"
ASCII = set(range(0x20, 0x7F))
SIGNS = set(map(ord, "±·×÷∂∇∑∏∫−∓∕∗∘√∞∈∉∩∪≠≤≥≪≫≈≡∼∝′″…⋯⋮⋱⋅←→↔⇒⇔↦‖∥∣⟨⟩⌈⌉⌊⌋⊗⊙⊕ℝℕℤℎℓ∀∃⊂⊆∅⏞⏟¯ˆ˜"))
COMBINING = {0x302, 0x303, 0x304, 0x307, 0x20D7, 0x2061, 0x2062, 0xA0}
GREEK = {*range(0x391, 0x3AA), *range(0x3B1, 0x3CA), 0x3D5, 0x3F5}
MATHS_LETTERS = {*range(0x1D400, 0x1D468), *range(0x1D6E2, 0x1D71C)}  # bold and italic
NAME_IDS = {
    1: "Handgrad Math",
    3: "HandgradMath-Regular",
    4: "Handgrad Math",
    6: "HandgradMath-Regular",
}


def main(source: Path) -> None:
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = ["ssty"]  # the letters of indices
    options.name_IDs = ["*"]
    options.hinting = False
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=ASCII | SIGNS | COMBINING | GREEK | MATHS_LETTERS)
    subsetter.subset(font)
    for name in font["name"].names:
        if name.nameID in NAME_IDS:
            name.string = NAME_IDS[name.nameID]
    font.recalcTimestamp = False
    subset.save_font(font, TARGET, options)
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
