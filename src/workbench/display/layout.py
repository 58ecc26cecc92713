"""Where the parts of a figure stand: its title, its rows, and the names and numbers beside them; sizes in inches."""

from collections.abc import Sequence
from textwrap import wrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

WIDTH, NARROW = 7.6, 3.6
ABOVE, BELOW = 0.42, 0.55  # the room of the title, and of an axis' numbers and name


def in_rows(names: Sequence[str], title: str, panels: int = 1, margin: float = 1.05) -> tuple[Figure, list[Axes]]:
    """A figure with a row for each of `names`, from the top, in each of its panels."""
    lines = ["\n".join(wrap(name, 30, break_on_hyphens=False, max_lines=2, placeholder=" …")) for name in names]
    height = 0.34 if panels == 1 and not any("\n" in line for line in lines) else 0.44
    figure = Figure(figsize=(WIDTH, margin + height * len(names)))
    panels_ = list(figure.subplots(1, panels, sharey=True, squeeze=False)[0])
    panels_[0].set_yticks([])
    panels_[0].set_ylim(len(names) - 0.4, -0.6)
    beside(panels_[0], lines)
    titled(figure, title)
    return figure, panels_


def beside(axes: Axes, texts: Sequence[str], right: bool = False) -> None:
    """Write a text beside each row; ticks, of five parts each, take five times as long."""
    place, side = (1.025, "left") if right else (-0.025, "right")
    for height, text in enumerate(texts):
        axes.text(place, height, text, transform=axes.get_yaxis_transform(), ha=side, va="center")


def fit(figure: Figure, below: float = BELOW, left: Sequence[str] = ()) -> None:
    """Leave the room that the texts beside the rows take, or those to the `left` (of a vertical axis).

    matplotlib's layout engines find it, too, but ask each part of a figure twice and take as long as all the drawing.
    """
    font, axes = FontProperties(), figure.axes[0]
    texts = {"right": [*left], "left": []}
    for text in axes.texts:
        texts[text.get_horizontalalignment()] += text.get_text().split("\n")
    left_room, right_room = (
        max((text_to_path.get_text_width_height_descent(line, font, False)[0] for line in lines), default=0) / 72 + 0.18
        for lines in texts.values()
    )
    width, height = figure.get_size_inches()
    figure.subplots_adjust(left_room / width, below / height, 1 - right_room / width, 1 - ABOVE / height)
    axes.xaxis.set_label_coords(0.5, -0.3 / (height - below - ABOVE))


def titled(figure: Figure, title: str) -> None:
    """Write the title at the figure's upper left."""
    place = 1 - 0.06 / figure.get_size_inches()[1]
    figure.suptitle(title, x=0.004, y=place, ha="left", fontsize=12.5, fontweight="bold")


def constrain(figure: Figure, **pads: float) -> None:
    """Have matplotlib find the room of whatever is drawn, under the title: for axes side by side, slanting names."""
    figure.set_layout_engine("constrained", rect=(0, 0, 1, 1 - 0.3 / figure.get_size_inches()[1]), **pads)
