// Makes ../wwwroot from src, styles and index.html. Run by the build of the project (web.targets), and by `npm run build`.
// What it complains of has the form that MSBuild takes for an error.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { takeLock } from "./lock.mjs";

const web = dirname(fileURLToPath(import.meta.url));
const root = join(web, "..", "wwwroot");
const assets = join(root, "assets");

function fail(code, sentence) {
  console.error(`web/build.mjs : error ${code}: ${sentence}`);
  process.exit(1);
}

function run(program, args) {
  const windows = process.platform === "win32";
  return spawnSync(program, args, { cwd: web, encoding: "utf8", shell: windows, maxBuffer: 1 << 26 });
}

/** Fetches the packages of the lock file, unless those that are here are of this very file. */
function installPackages() {
  const wanted = createHash("sha256").update(readFileSync(join(web, "package-lock.json"))).digest("hex");
  const installed = join(web, "node_modules", ".installed-from");
  if (existsSync(installed) && readFileSync(installed, "utf8") === wanted) {
    return;
  }

  const npm = run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (npm.error?.code === "ENOENT" || npm.status === 127) {
    fail("WEB0002", "npm is not installed, which fetches what the page is built with: install it (it comes with Node.js; on Debian 'apt-get install npm'), or build without the page by -p:BuildWeb=false.");
  }

  if (npm.status !== 0) {
    fail("WEB0003", `'npm ci' could not fetch the packages of package-lock.json: ${lastLine(npm)}. It needs the registry that npm is set up for.`);
  }

  writeFileSync(installed, wanted);
}

const lastLine = (result) => `${result.stdout ?? ""}\n${result.stderr ?? ""}`.split("\n").filter((line) => line.trim()).slice(-3).join(" ");

/** TypeScript's own compiler only checks: "src/a.ts(1,2): error TS1234: ..." is a form that MSBuild knows. */
function checkTypes() {
  const tsc = run(process.execPath, [join(web, "node_modules", "typescript", "bin", "tsc"), "--noEmit", "--pretty", "false"]);
  if (tsc.status !== 0) {
    process.stderr.write(`${tsc.stdout}${tsc.stderr}`);
    fail("WEB0004", "the page's TypeScript is not sound, see above.");
  }
}

/** The name has a hash of the content, so that browsers may keep the file for ever. */
function place(name, extension, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const file = `${name}-${hash}.${extension}`;
  const path = join(assets, file);
  if (!existsSync(path)) {
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
  }

  return file;
}

async function bundle() {
  const { build } = await import("esbuild");
  const shared = { absWorkingDir: web, bundle: true, minify: true, write: false, logLevel: "silent", charset: "utf8", legalComments: "none" };
  const script = await build({ ...shared, entryPoints: ["src/main.ts"], format: "esm", target: "es2022", conditions: ["production"] });
  const style = await build({ ...shared, entryPoints: ["styles/main.css"], target: ["chrome110", "firefox115", "safari16"] });
  mkdirSync(assets, { recursive: true });
  const placed = {
    script: place("page", "js", script.outputFiles[0].contents),
    style: place("page", "css", style.outputFiles[0].contents),
    icon: place("icon", "svg", readFileSync(join(web, "icon.svg"))),
  };
  const html = readFileSync(join(web, "index.html"), "utf8").replace(/\{\{(\w+)\}\}/g, (_, name) => `/assets/${placed[name]}`);
  writeFileSync(join(root, "index.html.new"), html);
  renameSync(join(root, "index.html.new"), join(root, "index.html"));
  for (const old of readdirSync(assets).filter((file) => !Object.values(placed).includes(file))) {
    rmSync(join(assets, old), { force: true });
  }
}

if (Number(process.versions.node.split(".")[0]) < 20) {
  fail("WEB0001", `this is Node.js ${process.versions.node}, and the page is built with 20 or newer: install it, or build without the page by -p:BuildWeb=false.`);
}

const lock = await takeLock(join(web, ".building"));
try {
  installPackages();
  checkTypes();
  await bundle();
} catch (error) {
  fail("WEB0005", String(error.message ?? error).replaceAll("\n", " "));
} finally {
  lock.release();
}
