const BOX: DOMRect = {
  x: 0,
  y: 0,
  width: 800,
  height: 240,
  top: 0,
  left: 0,
  right: 800,
  bottom: 240,
  toJSON: () => ({}),
};

/** What jsdom lacks and the page uses. */
export function fillBrowserGaps(): void {
  Object.assign(globalThis, { ResizeObserver: SilentObserver });
  Object.assign(HTMLDialogElement.prototype, {
    showModal(this: HTMLDialogElement) {
      this.setAttribute('open', '');
    },
  });
  window.scrollTo = () => undefined;
  // Charts draw nothing into a box of no size.
  HTMLElement.prototype.getBoundingClientRect = () => BOX;
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
