// Presses Ctrl+Enter in a live field half a second after the last key, so that Streamlit sends its text, and copies a
// field on a click. Nothing is sent by this script itself.
(() => {
  if (window.sideblikLive) return;
  window.sideblikLive = true;
  const REST = 500;
  const waiting = new WeakMap();

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLTextAreaElement) || !field.closest('[class*="st-key-live-"]')) return;
    clearTimeout(waiting.get(field));
    waiting.set(field, setTimeout(() => send(field), REST));
  });

  function send(field) {
    if (!field.isConnected) return;
    const key = { key: "Enter", code: "Enter", keyCode: 13, which: 13, ctrlKey: true, bubbles: true, cancelable: true };
    field.dispatchEvent(new KeyboardEvent("keydown", key));
  }

  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-sb-copy]");
    if (!button) return;
    const field = document.querySelector(`.st-key-${CSS.escape(button.dataset.sbCopy)} textarea`);
    const said = button.parentElement.querySelector('[role="status"]');
    const copied = field && (await copy(field));
    if (said) said.textContent = copied ? button.dataset.sbTold : button.dataset.sbFailed;
  });

  async function copy(field) {
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch {
      field.select(); // an older browser, or an address without https
      return document.execCommand("copy");
    }
  }
})();
