// Buttons that copy the text of the element they name.

export function listenForCopy(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    button.hidden = false;
    const label = button.textContent;
    button.addEventListener("click", () => {
      const source = document.getElementById(button.dataset.copy ?? "");
      if (source === null) return;
      void copy(source).then((isCopied) => {
        button.textContent = isCopied ? "Copied" : "Selected: press Ctrl-C";
        setTimeout(() => {
          button.textContent = label;
        }, 2000);
      });
    });
  }
}

/** Where the browser refuses its clipboard to a file, the text is selected at least. */
async function copy(source: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(source.textContent ?? "");
    return true;
  } catch {
    const range = document.createRange();
    range.selectNodeContents(source);
    getSelection()?.removeAllRanges();
    getSelection()?.addRange(range);
    return false;
  }
}
