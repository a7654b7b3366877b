// The examples wait one minute at a time for asynchronous operations of the real service.

const { setTimeout: originalSetTimeout } = globalThis;

globalThis.setTimeout = (callback, delay, ...args) => (
  originalSetTimeout(callback, delay === 60000 ? 0 : delay, ...args)
);
