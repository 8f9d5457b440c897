// Tables sort by their headings, filter by words, and show long lists one page at a time.
"use strict";
const pageSize = 200;

function key(row, column) {
  const cell = row.cells[column];
  if (cell.dataset.sort !== undefined) return cell.dataset.sort === "" ? NaN : Number(cell.dataset.sort);
  const text = cell.textContent.trim(), number = parseFloat(text);
  return String(number) === text || /^[\d.]+ ?(%|\()/.test(text) ? number : text;
}

function compare(a, b) {
  const x = Number.isNaN(a), y = Number.isNaN(b);
  if (x || y) return x - y; // missing values come last
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}

for (const table of document.querySelectorAll("table.sortable")) {
  const section = table.closest("section"), body = table.tBodies[0];
  const input = section.querySelector("input.filter"), count = section.querySelector(".count");
  const more = section.querySelector("button.more");
  const paged = table.classList.contains("rows");
  let rows = [...body.rows], shown = pageSize;
  const text = r => r.cells[0].textContent + " " + r.cells[1].textContent;
  const words = new Map(rows.map(r => [r, text(r).toLowerCase()]));

  function show() {
    const wanted = paged && input ? input.value.toLowerCase().split(/\s+/).filter(Boolean) : [];
    const match = rows.filter(r => wanted.every(w => words.get(r).includes(w)));
    body.replaceChildren(...(paged ? match.slice(0, shown) : match));
    if (!paged) return;
    if (more) more.hidden = match.length <= shown;
    if (count) count.textContent = `${Math.min(shown, match.length)} of ${rows.length} rows`;
  }

  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const keys = new Map(rows.map(r => [r, key(r, column)]));
      rows.sort((a, b) => {
        const d = compare(keys.get(a), keys.get(b));
        const missing = Number.isNaN(keys.get(a)) || Number.isNaN(keys.get(b));
        return down && !missing ? -d : d;
      });
      show();
    });
  });
  if (paged) {
    if (input) input.addEventListener("input", () => { shown = pageSize; show(); });
    if (more) more.addEventListener("click", () => { shown += pageSize; show(); });
    show();
  }
}
