// A built project of Motion Canvas or Revideo is an ES module that exports the project, and no page. The browser shows a script as
// text; here that document becomes the page in which the project is played. A page of one's own may put the project into
// window.orchestratorProject instead.
let builtProject = null;

const isScriptDocument = () => parent === null && /^(text|application)\/((x-)?javascript|ecmascript)$/.test(document.contentType);

/// A megabyte of script need not be laid out as text.
if (isScriptDocument()) {
  const hidden = new CSSStyleSheet();
  hidden.replaceSync('pre { display: none }');
  document.adoptedStyleSheets = [hidden];
}

function emptyPage() {
  document.adoptedStyleSheets = [];
  document.head.replaceChildren();
  document.body.replaceChildren();
}

/// Vite writes a project's style sheets beside its script, which does not name them.
function addStyleSheets() {
  for (const name of film.styleSheets) {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = name;
    document.head.append(link);
  }
}

function* openBuiltProject() {
  if (!isScriptDocument()) {
    builtProject = defined('orchestratorProject') ?? null;
    return;
  }
  const url = location.href;
  emptyPage();
  addStyleSheets();
  runNatively();  // a module may wait for time to pass before it is there
  try {
    const module = yield waitFor(`the script ${shortUrl(url)}`, import(url));
    builtProject = module.default ?? {};
  } catch (error) {
    throw failure(`the script ${shortUrl(url)} failed`, error);
  }
  holdCallbacks();
}
