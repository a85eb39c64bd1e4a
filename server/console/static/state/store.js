/** Holds the state; tells its listeners once after each burst of events. */

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./reducer.js").Event} Event */
/** @typedef {{state: () => State, dispatch: (event: Event) => void, subscribe: (listener: (state: State) => void) => void}} Store */

/**
 * @param {(state: State, event: Event) => State} reduce
 * @param {State} initial
 * @returns {Store}
 */
export function createStore(reduce, initial) {
  let state = initial;
  let told = true;
  /** @type {((state: State) => void)[]} */
  const listeners = [];

  function tell() {
    told = true;
    for (const listener of listeners) listener(state);
  }

  return {
    state: () => state,
    dispatch(event) {
      const next = reduce(state, event);
      if (next === state) return;
      state = next;
      if (told) queueMicrotask(tell);
      told = false;
    },
    subscribe: (listener) => void listeners.push(listener),
  };
}
