"""What a person looks at in a notebook: the article, figures, tables, the overview and the explorer.

Notebooks import its rooms, such as `workbench.display.figures`.
"""

from pathlib import Path

STYLE = Path(__file__).with_name("style")
