import { Component, type ReactNode } from 'react';

interface BoundaryState {
  readonly failed: boolean;
}

/** A view that cannot be drawn, or not be fetched after an update of the server, says so; the rest of the page lives on. */
export class Boundary extends Component<{ readonly children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { failed: false };

  static getDerivedStateFromError(): BoundaryState {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="empty" role="alert">
        <h1>This view could not be shown.</h1>
        <p>The server may have been updated or be away since the page was opened.</p>
        <p className="empty-line">
          <button type="button" className="button primary" onClick={() => window.location.reload()}>
            Load the page anew
          </button>
        </p>
      </div>
    );
  }
}
