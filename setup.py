"""What pyproject.toml cannot say: a wheel carries the notebooks and an example article, for `workbench new`."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithNotebooks(build_py):
    """Copies the notebooks and the example into the package that is built; a checkout uses its own."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        study = Path(self.build_lib, "workbench", "study")
        for folder, files in {"notebooks": "*.ipynb", "seeds": "*_ferry-strike.txt"}.items():
            (study / folder).mkdir(parents=True, exist_ok=True)
            for path in Path(folder).glob(files):
                shutil.copy(path, study / folder)


setup(cmdclass={"build_py": BuildWithNotebooks})
