// The first visit: find a product, show them all, count what is chosen. Without a script all products are
// there and nothing of this is.

const SHOWN_FIRST = 12;

const items = [...document.querySelectorAll("[data-picks] > li")];
const find = document.querySelector("[data-find]");
const none = document.querySelector("[data-none]");
const more = document.querySelector("[data-more]");
let all = items.length <= SHOWN_FIRST;

const boxOf = (item) => item.querySelector("input");

function draw() {
  const wanted = find.value.trim().toLocaleLowerCase("da");
  items.forEach((item, place) => {
    const fits = item.dataset.words.toLocaleLowerCase("da").includes(wanted);
    item.hidden = wanted ? !fits : !all && place >= SHOWN_FIRST && !boxOf(item).checked;
  });
  more.hidden = all || wanted !== "";
  none.textContent = items.every((item) => item.hidden) ? none.dataset.text.replace("{}", find.value.trim()) : "";
}

function count() {
  const chosen = items.filter((item) => boxOf(item).checked).length;
  document.querySelector("[data-chosen]").textContent = String(chosen);
}

find.addEventListener("input", draw);
find.addEventListener("keydown", (event) => {
  // Whoever looks for something is not done yet.
  if (event.key === "Enter") event.preventDefault();
});
more.querySelector("button").addEventListener("click", () => {
  const first = items.find((item) => item.hidden);
  all = true;
  draw();
  boxOf(first).focus();
});
document.querySelector("[data-picks]").addEventListener("change", count);

document.querySelector("[data-pick-bar]").hidden = false;
count();
draw();
