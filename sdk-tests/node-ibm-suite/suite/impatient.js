// The examples wait a minute at a time for what the real service does later.

const { setTimeout: later } = globalThis;

globalThis.setTimeout = (work, time, ...rest) => later(work, time === 60000 ? 0 : time, ...rest);
