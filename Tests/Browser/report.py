"""Checks a report in Chromium: two widths, both themes, print; no console message, no request, no axe violation.

    python report.py PAGE.html [FOLDER]

Screenshots go to FOLDER. Exits with 1 and a list where something is wrong. See README.md for what it needs.
"""

import pathlib
import shutil
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

WIDTHS = {"phone": (390, 844), "desk": (1440, 900)}


def check(browser, page_path, folder, width, scheme):
    """The problems of one width and theme."""
    size = WIDTHS[width]
    problems, requests = [], []
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, device_scale_factor=1
    )
    page = context.new_page()
    page.on("console", lambda message: problems.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(page_path.as_uri())
    milliseconds = page.evaluate("performance.timing.loadEventEnd - performance.timing.navigationStart")
    problems += [f"request: {url}" for url in requests if url != page_path.as_uri()]

    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if overflow > 0:
        problems.append(f"the page is {overflow} pixels wider than the window")
    for details in page.query_selector_all("details"):
        details.evaluate("node => node.open = true")
    for violation in Axe().run(page).response["violations"]:
        places = [node["html"][:120] for node in violation["nodes"][:3]]
        problems.append(f"axe: {violation['id']} ({violation['impact']}): {places}")
    for details in page.query_selector_all("details"):
        details.evaluate("node => node.open = false")
    page.screenshot(path=folder / f"{width}-{scheme}.png", full_page=True)

    problems += check_sorting(page)
    print(f"{width} {scheme}: loaded in {milliseconds} ms, {len(problems)} problems")
    context.close()
    return [f"{width} {scheme}: {problem}" for problem in problems]


def check_sorting(page):
    """Each column of the table of models is sorted by its button, numbers as numbers, both ways, by the keyboard too."""
    problems = []
    heads = page.query_selector_all("table.models th button")
    for column, button in enumerate(heads):
        button.focus()
        for direction in ("ascending", "descending"):
            page.keyboard.press("Enter")
            head = page.query_selector_all("table.models thead th")[column]
            if head.get_attribute("aria-sort") != direction:
                problems.append(f"column {column} is not marked as {direction}")
            if column == 0:
                continue
            cells = page.eval_on_selector_all(
                "table.models tbody tr", f"rows => rows.map(row => row.cells[{column}].dataset.order)"
            )
            numbers = [float(cell) for cell in cells if cell != "none"]
            if numbers != sorted(numbers, reverse=direction == "descending"):
                problems.append(f"column {column} is not {direction}: {cells}")
            if "none" in cells and any(cell != "none" for cell in cells[cells.index("none"):]):
                problems.append(f"column {column}: what is missing does not stay at the end")
    return problems


def main():
    page_path = pathlib.Path(sys.argv[1]).resolve()
    folder = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        sys.exit("no Chromium: install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        problems = [
            problem
            for width in WIDTHS
            for scheme in ("light", "dark")
            for problem in check(browser, page_path, folder, width, scheme)
        ]
        page = browser.new_page()
        page.goto(page_path.as_uri())
        margins = {"top": "15mm", "bottom": "15mm", "left": "12mm", "right": "12mm"}
        page.pdf(path=folder / "print.pdf", format="A4", margin=margins)
        browser.close()
    print("\n".join(problems))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
