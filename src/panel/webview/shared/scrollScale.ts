/**
 * Maps a list of any length onto a scrollbar. Browsers cap an element's height (about 17 million pixels in
 * Firefox, 33 million in Chromium), so a longer list gets a shorter track: positions (pixels in the whole
 * list) and scrollTop (pixels on the track) then differ by a factor.
 */
export class ScrollScale {
  constructor(
    /** Pixels. */
    readonly rowHeight: number,
    readonly maxTrack = 8_000_000,
  ) {}

  contentHeight(rows: number): number {
    return rows * this.rowHeight;
  }

  trackHeight(rows: number): number {
    return Math.min(this.contentHeight(rows), this.maxTrack);
  }

  isScaled(rows: number): boolean {
    return this.contentHeight(rows) > this.maxTrack;
  }

  maxPosition(rows: number, viewport: number): number {
    return Math.max(0, this.contentHeight(rows) - viewport);
  }

  toPosition(scrollTop: number, rows: number, viewport: number): number {
    return scrollTop * this.#factor(rows, viewport);
  }

  toScrollTop(position: number, rows: number, viewport: number): number {
    return position / this.#factor(rows, viewport);
  }

  #factor(rows: number, viewport: number): number {
    const track = this.trackHeight(rows) - viewport;
    return this.isScaled(rows) && track > 0 ? this.maxPosition(rows, viewport) / track : 1;
  }
}
