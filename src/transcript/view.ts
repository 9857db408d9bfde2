/** `messages`: headers, messages, trailers, status, notes and what failed before them. `frames`: everything. */
export type TimelineView = 'messages' | 'frames';
