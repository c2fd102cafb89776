// Names that complete what is typed: a combobox with a list, as WAI-ARIA describes it. Without it
// every field takes a name that is typed in full, in any spelling.
"use strict";

for (const field of document.querySelectorAll("input[data-names]")) {
  const whole = field.name === "entity";
  const list = document.createElement("ul");
  const told = document.createElement("span");
  const box = document.createElement("span");
  list.id = `names-${field.id || field.name}`;
  list.className = "options";
  list.role = "listbox";
  list.ariaLabel = "Names";
  list.hidden = true;
  told.className = "unseen";
  told.ariaLive = "polite";
  box.className = "combobox";
  field.before(box);
  box.append(field, list, told);
  field.removeAttribute("list");
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) {
    field.setAttribute(name, value);
  }
  let from = 0;
  let chosen = -1;
  let timer = 0;
  let asked = "";

  const close = () => {
    list.hidden = true;
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const choose = (place) => {
    const options = [...list.children];
    chosen = place;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
    if (chosen < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", options[chosen].id);
  };
  const take = (option) => {
    field.value = whole ? option.dataset.slug : `${field.value.slice(0, from)}${option.dataset.name} `;
    close();
    asked = field.value;
    if (whole) field.form.requestSubmit();
  };
  const show = (answer) => {
    from = answer.from;
    list.replaceChildren(...answer.names.map((each, at) => {
      const option = document.createElement("li");
      const name = document.createElement("bdi");
      const about = document.createElement("small");
      option.id = `${list.id}-${at}`;
      option.role = "option";
      option.className = each.type;
      option.dataset.name = each.name;
      option.dataset.slug = each.slug;
      option.setAttribute("aria-selected", "false");
      name.textContent = each.name;
      about.textContent = `${each.type}, ${each.articles.toLocaleString("en")}`;
      option.append(name, about);
      return option;
    }));
    list.hidden = !answer.names.length;
    chosen = -1;
    field.setAttribute("aria-expanded", String(!list.hidden));
    told.textContent = list.hidden ? "" : `${answer.names.length} names: down arrow to choose`;
  };
  const ask = async () => {
    const text = field.value;
    if (text === asked) return;
    asked = text;
    if (text.trim().length < 2 || field.selectionStart < text.length) return close();
    const response = await fetch(`${field.dataset.names}?${new URLSearchParams({ q: text })}`);
    if (!response.ok) return close();
    const answer = await response.json();
    if (text === field.value && document.activeElement === field) show(answer);
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  field.addEventListener("keydown", (event) => {
    const number = list.children.length;
    if (list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown") choose((chosen + 1) % number);
    else if (event.key === "ArrowUp") choose(chosen > 0 ? chosen - 1 : number - 1);
    else if (event.key === "Enter" && chosen >= 0) take(list.children[chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  field.addEventListener("blur", close);
}
