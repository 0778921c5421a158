/** What jsdom lacks and the page uses. */
export function fillBrowserGaps(): void {
  Object.assign(globalThis, { ResizeObserver: SilentObserver });
  Object.assign(HTMLDialogElement.prototype, {
    showModal(this: HTMLDialogElement) {
      this.setAttribute('open', '');
    },
  });
  window.scrollTo = () => undefined;
}

class SilentObserver {
  observe(): void {
    // Sizes never change here.
  }
  unobserve(): void {
    // Nothing was observed.
  }
  disconnect(): void {
    // Nothing was observed.
  }
}
