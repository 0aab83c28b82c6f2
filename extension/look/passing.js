// On sites that the person allowed: says that a page was opened, and nothing else. The background
// decides whether a watched post is to be looked for here.
void chrome.runtime.sendMessage({ name: "page.passed", payload: {} }).catch(() => undefined);
