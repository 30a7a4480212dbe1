// The search engine (search-worker.js) as the page sees it: a worker that is started when it is needed, and anew after a
// failure, with methods that are called by messages.

import { at } from "./search-dom.js";

export let engine; // that runs now
export let site; // what it says of the site: values of the filters, lists that can be followed

let opening; // the promise of its first answer

// The manifest is asked for while the engine is on its way, which would ask for it next.
const early = new AbortController();
let manifest = fetch("/search/index.json", { cache: "no-cache", signal: early.signal })
  .then((answer) => (answer.ok ? answer.json() : undefined))
  .catch(() => undefined); // the engine will ask, and say what is wrong

export class TooOld extends Error {}

// A worker whose methods are called by messages. `stop` ends it and every call that waits.
function start() {
  let asModule = false;
  const options = {
    get type() {
      asModule = true; // a browser without module workers does not look
      return "module";
    },
  };
  let worker;
  try {
    worker = new Worker(at("search-worker").href, options);
  } catch (error) {
    throw new TooOld(String(error));
  }
  const waiting = new Map();
  let asked = 0;
  let answered = false;
  let ended;
  const stop = (error) => {
    ended ??= error;
    worker.terminate();
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.addEventListener("message", ({ data: { id, result, error } }) => {
    answered = true;
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error));
  });
  // With a message the script came, and the browser could not read it; without one it did not come.
  worker.addEventListener("error", (event) => {
    stop(event.message && !answered ? new TooOld(event.message) : new Error("search-worker.js"));
  });
  if (!asModule) stop(new TooOld("module workers"));
  return {
    stop,
    ask: (method, argument) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        waiting.set(++asked, { resolve, reject });
        worker.postMessage({ id: asked, method, argument });
      }),
  };
}

// Until the engine can be asked.
export function opened() {
  if (!opening) {
    const mine = (async () => {
      engine = start();
      const { ask } = engine;
      const given = await manifest;
      manifest = undefined;
      ({ site } = await ask("open", { manifest: given }));
    })();
    opening = mine;
    mine.catch((error) => opening === mine && abandon(error));
  }
  return opening;
}

export async function ask(method, argument) {
  const answer = await engine.ask(method, argument);
  if (answer.site) ({ site } = answer); // a site that was published meanwhile may have others
  return answer;
}

// What is under way is not waited for any more; the engine will say so instead of answering.
export function drop() {
  engine?.ask("drop").catch(() => {}); // of an engine that has ended
}

export function abandon(error) {
  early.abort();
  engine?.stop(error);
  engine = opening = undefined;
}

opened(); // at once: what it needs first comes while the rest of the page's script is on its way
