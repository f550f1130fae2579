(() => {
  "use strict";
  const value = (text) => (text.trim() === "" || Number.isNaN(Number(text)) ? Infinity : Number(text));
  Tablesort.extend("number", () => false, (a, b) => Math.sign(value(b) - value(a)) || 0);
  for (const table of document.querySelectorAll("table.sorts")) {
    const pairs = [...table.querySelectorAll("tr.more")].map((more) => [more.previousElementSibling, more]);
    table.addEventListener("afterSort", () => {
      for (const [row, more] of pairs) row.after(more);
    });
    table.tHead.addEventListener("keydown", (event) => {
      if (event.key !== " " || event.target.tabIndex !== 0) return;
      event.preventDefault();
      event.target.click();
    });
    new Tablesort(table);
    table.classList.add("sortable");
  }
})();
