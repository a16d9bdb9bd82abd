// What a page says of the film that it is: window.orchestratorComposition = {width, height, fps, frames, duration}, or, without it,
// <meta name="orchestrator" content="width=1920,height=1080,fps=30,duration=20">. All of it may be left out. `stateful` says that each
// frame depends on those before it.
const flag = 'stateful';
const wholeNumbers = ['width', 'height', 'frames'];
const exactNumbers = ['fps', 'duration'];  // a decimal number or a fraction; duration in seconds
const settingNames = [...wholeNumbers, ...exactNumbers, flag];

/// A number as a text that is exact, or with nine decimals: 30000 / 1001 has no exact ones, but every rate of television is a whole
/// multiple of 1000/1001 (SMPTE ST 170).
function exactText(value) {
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value);
  const multiple = Math.round(value * 1.001);
  if (Math.abs((multiple * 1000) / 1001 - value) < 1e-9) return `${multiple * 1000}/1001`;
  return value.toFixed(9).replace(/0+$/, '').replace(/\.$/, '');
}

/// In a <meta> the name alone is enough.
function checkedFlag(where, value) {
  if (['true', 'false', ''].includes(String(value))) return String(value) !== 'false';
  throw new Error(`${where}${flag} is ${value}; it must be true or false`);
}

function checkedSetting(where, name, value) {
  if (name === flag) return checkedFlag(where, value);
  if (wholeNumbers.includes(name)) {
    const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
    if (Number.isInteger(number) && number > 0 && number < 2 ** 31) return number;
    throw new Error(`${where}${name} is ${value}; it must be a whole number above 0`);
  }
  const text = exactText(value);
  if (/^(\d{1,9}(\.\d{1,9})?|[1-9]\d{0,8}\/[1-9]\d{0,8})$/.test(text) && Number(text.split('/')[0]) > 0) return text;
  throw new Error(`${where}${name} is ${value}; it must be a number above 0, or a fraction as '30000/1001'`);
}

function checkedSettings(where, settings) {
  const said = {};
  for (const name of settingNames) {
    if (settings[name] !== undefined && settings[name] !== null) said[name] = checkedSetting(where, name, settings[name]);
  }
  if (said.frames !== undefined && said.duration !== undefined) throw new Error(`${where}frames and ${where}duration exclude each other`);
  return said;
}

function settingsOfMeta(meta) {
  const settings = {};
  for (const part of meta.content.split(',').map((text) => text.trim()).filter(Boolean)) {
    const [name, ...values] = part.split('=').map((text) => text.trim());
    if (!settingNames.includes(name)) {
      warnOnce(`<meta name="orchestrator">: '${name}' is not known; width, height, fps, frames, duration and stateful are`);
    } else if (settings[name] !== undefined) {
      throw new Error(`<meta name="orchestrator">: ${name} is there twice`);
    } else {
      settings[name] = values.join('=');
    }
  }
  return settings;
}

/// Whether each frame depends on those before it, as the user or the page says.
const isStateful = () => film.isStateful || (contract.said === undefined && describedComposition()[flag] === true);

function saidCompositions() {
  return contract.said !== undefined ? contract.said() : onlyComposition(describedComposition());
}

function onlyComposition(settings) {
  if (film.id !== '') throw new Error(`composition_id is '${film.id}', but the page is one composition without a name: leave it out`);
  return [settings];
}

function describedComposition() {
  const composition = defined('orchestratorComposition');
  const meta = document.querySelector('meta[name="orchestrator"]');
  if (composition === undefined) return meta === null ? {} : checkedSettings('<meta name="orchestrator">: ', settingsOfMeta(meta));
  const said = checkedSettings('window.orchestratorComposition.', Object(composition));
  if (Object.keys(said).length === 0) {
    warnOnce('window.orchestratorComposition says nothing of the film: {width, height, fps, and frames or duration}');
  }
  return said;
}
