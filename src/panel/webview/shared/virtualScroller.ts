import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { ScrollScale } from './scrollScale';

/** No screen shows more; it also bounds the elements when a pane is measured wrongly. */
const maxVisible = 180;

/**
 * Keeps track of which rows of a long list are in sight. The host draws `first` to `end` in a layer that
 * sticks to the top of the scrolling element, each row at `top(row)`, beside a spacer of `trackHeight`.
 */
export class VirtualScroller implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #scale: ScrollScale;
  readonly #scrolledByUser: (up: boolean) => void;
  readonly #resize = new ResizeObserver(() => this.#measure());
  #element: HTMLElement | undefined;
  #rows = 0;
  #position = 0;
  #viewport = 0;
  #header = 0;
  /** The scrollTop that this class set last: a scroll event that reports it isn't the user's. */
  #ownScrollTop = 0;

  constructor(
    host: ReactiveControllerHost,
    rowHeight: number,
    scrolledByUser: (up: boolean) => void = () => {},
  ) {
    this.#host = host;
    this.#scale = new ScrollScale(rowHeight);
    this.#scrolledByUser = scrolledByUser;
    host.addController(this);
  }

  get rowHeight(): number {
    return this.#scale.rowHeight;
  }
  /** Whole rows that fit. */
  get page(): number {
    return Math.max(1, Math.floor(this.#viewport / this.rowHeight));
  }
  get first(): number {
    return Math.max(0, Math.min(this.#rows - 1, Math.floor(this.#position / this.rowHeight)));
  }
  get end(): number {
    const inSight = Math.ceil((this.#position + this.#viewport) / this.rowHeight);
    return Math.min(this.#rows, inSight, this.first + maxVisible);
  }
  get atEnd(): boolean {
    return this.#position >= this.#scale.maxPosition(this.#rows, this.#viewport) - 2;
  }
  get trackHeight(): number {
    return this.#scale.trackHeight(this.#rows);
  }
  /** Pixels below the top of the sticking layer. */
  top(row: number): number {
    return row * this.rowHeight - this.#position;
  }

  hostConnected(): void {
    if (this.#element !== undefined) {
      this.#resize.observe(this.#element);
    }
  }

  hostDisconnected(): void {
    this.#resize.disconnect();
  }

  /** The scrolling element, from the host's first update on; `header` is the height of what sticks above the rows. */
  attach(element: HTMLElement, header = 0): void {
    if (this.#element === element) {
      return;
    }
    this.#element = element;
    this.#header = header;
    this.#resize.disconnect();
    this.#resize.observe(element);
    element.addEventListener('scroll', this.#scrolled, { passive: true });
    element.addEventListener('wheel', this.#wheel, { passive: false });
    this.#measure();
  }

  setRows(rows: number): void {
    if (rows !== this.#rows) {
      this.#rows = rows;
      this.#position = Math.min(this.#position, this.#maxPosition());
    }
  }

  scrollToEnd(): void {
    this.#position = this.#maxPosition();
  }

  /** Scrolls as little as brings `row` wholly into sight; a row far away goes to the middle. */
  reveal(row: number): void {
    const top = row * this.rowHeight;
    const bottom = top + this.rowHeight - this.#viewport;
    if (top >= this.#position && bottom <= this.#position) {
      return;
    }
    const far = Math.abs(top - this.#position) > this.#viewport * 2;
    const wanted = far ? top - this.#viewport / 2 : top < this.#position ? top : bottom;
    this.#position = Math.max(0, Math.min(wanted, this.#maxPosition()));
    this.#host.requestUpdate();
  }

  /** Brings the scrollbar in line with the position; the host calls it after the spacer has its height. */
  sync(): void {
    const element = this.#element;
    if (element === undefined) {
      return;
    }
    const wanted = this.#scale.toScrollTop(this.#position, this.#rows, this.#viewport);
    if (
      Math.abs(wanted - this.#ownScrollTop) >= 1 ||
      Math.abs(element.scrollTop - this.#ownScrollTop) >= 1
    ) {
      element.scrollTop = wanted;
      this.#ownScrollTop = element.scrollTop;
    }
  }

  #maxPosition(): number {
    return this.#scale.maxPosition(this.#rows, this.#viewport);
  }

  #measure(): void {
    const height = Math.max(0, (this.#element?.clientHeight ?? 0) - this.#header);
    if (height !== this.#viewport) {
      const wasAtEnd = this.atEnd && this.#viewport > 0;
      this.#viewport = height;
      this.#position = wasAtEnd
        ? this.#maxPosition()
        : Math.min(this.#position, this.#maxPosition());
      this.#host.requestUpdate();
    }
  }

  readonly #scrolled = (): void => {
    const scrollTop = this.#element?.scrollTop ?? 0;
    if (Math.abs(scrollTop - this.#ownScrollTop) < 1) {
      return;
    }
    this.#ownScrollTop = scrollTop;
    this.#moveTo(this.#scale.toPosition(scrollTop, this.#rows, this.#viewport));
  };

  // On a scaled track the browser's own wheel step would jump over rows.
  readonly #wheel = (event: WheelEvent): void => {
    if (!this.#scale.isScaled(this.#rows) || event.ctrlKey || event.deltaY === 0) {
      return;
    }
    event.preventDefault();
    const unit =
      event.deltaMode === 1 ? this.rowHeight : event.deltaMode === 2 ? this.#viewport : 1;
    this.#moveTo(this.#position + event.deltaY * unit);
  };

  #moveTo(position: number): void {
    const next = Math.max(0, Math.min(position, this.#maxPosition()));
    const up = next < this.#position - 0.5;
    this.#position = next;
    this.#scrolledByUser(up);
    this.#host.requestUpdate();
  }
}
