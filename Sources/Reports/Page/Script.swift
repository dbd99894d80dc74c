/// The page's script: headings of the table of models become buttons that sort it. Without it the table is a plain one.
///
/// It holds no `<` and no `&`, so that the page is well-formed as XML.
enum Script {
  static let text = #"""
    for (const table of document.querySelectorAll('table.models')) {
      const body = table.tBodies[0];
      const heads = Array.from(table.tHead.rows[0].cells);
      heads.forEach((head, column) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.textContent = head.textContent;
        head.textContent = '';
        head.append(button);
        button.addEventListener('click', () => {
          const isRising = head.getAttribute('aria-sort') !== 'ascending';
          for (const other of heads) other.removeAttribute('aria-sort');
          head.setAttribute('aria-sort', isRising ? 'ascending' : 'descending');
          const key = row => row.cells[column].dataset.order;
          const isNumber = head.classList.contains('number');
          const compare = (a, b) => {
            if (!isNumber) return key(a).localeCompare(key(b), 'en', { numeric: true });
            const [x, y] = [parseFloat(key(a)), parseFloat(key(b))];
            // What is missing stays at the end.
            if (isNaN(x) || isNaN(y)) return (isNaN(x) - isNaN(y)) * (isRising ? 1 : -1);
            return x > y ? 1 : x === y ? 0 : -1;
          };
          const rows = Array.from(body.rows).sort((a, b) => compare(a, b) * (isRising ? 1 : -1));
          body.append(...rows);
        });
      });
    }
    """#
}
