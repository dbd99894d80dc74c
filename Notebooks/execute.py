#!/usr/bin/env python3
"""Executes notebooks from top to bottom, two at once, each in a kernel of its own, and fails where a cell does.

execute.py [--write] NOTEBOOK…: with --write their outputs are replaced by what came out.
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def clean(notebook: nbformat.NotebookNode) -> None:
    """Takes out what is another each time: times, and the bars that showed progress."""
    notebook.metadata = {"kernelspec": notebook.metadata.get("kernelspec", {}), "language_info": {"name": "python"}}
    for index, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{index}"
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not is_bar(output)]


def is_bar(output: nbformat.NotebookNode) -> bool:
    """Says whether an output is a bar of progress, which is empty in the end."""
    return output.output_type == "display_data" and output.data.get("text/html") == ""


def execute(path: Path) -> None:
    """Executes a notebook, and with --write puts its outputs in."""
    start = time.monotonic()
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    NotebookClient(notebook, timeout=180, resources={"metadata": {"path": str(path.parent)}}).execute()
    print(f"{path.name}: {time.monotonic() - start:.0f} s", flush=True)
    if "--write" in sys.argv:
        clean(notebook)
        nbformat.write(notebook, path)


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(execute, [Path(name) for name in sys.argv[1:] if name != "--write"]))
