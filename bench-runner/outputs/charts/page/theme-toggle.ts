// Light or dark: as the system has it, until the button says otherwise.
import { DARK, LIGHT, type Theme } from "../theme.ts";

const system = matchMedia("(prefers-color-scheme: dark)");

export function theTheme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  const isDark = chosen === undefined ? system.matches : chosen === "dark";
  return isDark ? DARK : LIGHT;
}

/** @param onChange called when the colours have changed */
export function listenForTheme(onChange: () => void): void {
  const button = document.getElementById("theme-toggle");
  const say = () => {
    if (button !== null) button.textContent = theTheme() === DARK ? "Light theme" : "Dark theme";
  };
  button?.addEventListener("click", () => {
    document.documentElement.dataset.theme = theTheme() === DARK ? "light" : "dark";
    say();
    onChange();
  });
  system.addEventListener("change", () => {
    say();
    onChange();
  });
  say();
  if (button !== null) button.hidden = false;
}
