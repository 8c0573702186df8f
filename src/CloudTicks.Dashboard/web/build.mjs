// Builds ../wwwroot from src, styles and index.html, and writes the hashes of all sources to built-from.txt. `npm run build` runs this
// script, and so does the project's build if a source has changed (web.targets). `npm run compare` writes nothing, and fails if ../wwwroot
// does not match its sources. Errors have the format that MSBuild recognises.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { takeLock } from "./lock.mjs";

const web = dirname(fileURLToPath(import.meta.url));
const root = join(web, "..", "wwwroot");
const assets = join(root, "assets");

function fail(code, sentence) {
  console.error(`web/build.mjs : error ${code}: ${sentence}`);
  process.exit(1);
}

const hashOf = (content) => createHash("sha256").update(content).digest("hex");

function run(program, args) {
  const windows = process.platform === "win32";
  return spawnSync(program, args, { cwd: web, encoding: "utf8", shell: windows, maxBuffer: 1 << 26 });
}

/** Installs the packages of package-lock.json, unless they are already installed. */
function installPackages() {
  const wanted = hashOf(readFileSync(join(web, "package-lock.json")));
  const installed = join(web, "node_modules", ".installed-from");
  if (existsSync(installed) && readFileSync(installed, "utf8") === wanted) {
    return;
  }

  const npm = run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (npm.error?.code === "ENOENT" || npm.status === 127) {
    fail("WEB0002", "npm, which installs the packages that build the page, is missing: install it (part of Node.js; "
      + "on Debian 'apt-get install npm'), or use the committed page with -p:BuildWeb=false.");
  }

  if (npm.status !== 0) {
    fail("WEB0003", `'npm ci' could not download the packages of package-lock.json: ${lastLine(npm)}. `
      + "Check that npm's registry is reachable.");
  }

  writeFileSync(installed, wanted);
}

const lastLine = (result) => `${result.stdout ?? ""}\n${result.stderr ?? ""}`.split("\n").filter((line) => line.trim()).slice(-3).join(" ");

/** Type-checks with TypeScript's compiler, whose errors have a format that MSBuild recognises. esbuild does not check types. */
function checkTypes() {
  const tsc = run(process.execPath, [join(web, "node_modules", "typescript", "bin", "tsc"), "--noEmit", "--pretty", "false"]);
  if (tsc.status !== 0) {
    process.stderr.write(`${tsc.stdout}${tsc.stderr}`);
    fail("WEB0004", "the page's TypeScript has errors, see above.");
  }
}

/**
 * Returns the files by their path below ../wwwroot. The names of assets contain a hash of the content, so that browsers can cache them
 * permanently.
 */
async function bundle() {
  const { build } = await import("esbuild");
  const shared = {
    absWorkingDir: web, bundle: true, minify: true, write: false, logLevel: "silent", charset: "utf8", legalComments: "none",
  };
  const script = await build({ ...shared, entryPoints: ["src/main.ts"], format: "esm", target: "es2022", conditions: ["production"] });
  const style = await build({ ...shared, entryPoints: ["styles/main.css"], target: ["chrome110", "firefox115", "safari16"] });
  const files = new Map();
  const place = (name, extension, content) => {
    const file = `assets/${name}-${hashOf(content).slice(0, 12)}.${extension}`;
    files.set(file, Buffer.from(content));
    return `/${file}`;
  };
  const placed = {
    script: place("page", "js", script.outputFiles[0].contents),
    style: place("page", "css", style.outputFiles[0].contents),
    icon: place("icon", "svg", readFileSync(join(web, "icon.svg"))),
  };
  const html = readFileSync(join(web, "index.html"), "utf8").replace(/\{\{(\w+)\}\}/g, (_, name) => placed[name]);
  return files.set("index.html", Buffer.from(html)); // last, because it refers to the others
}

/** Returns one line per source, with its path and hash. web.targets has the same list of sources. */
function listSources() {
  const names = readdirSync(web, { recursive: true }).map((name) => name.replaceAll("\\", "/"));
  const isSource = (name) => /^(src\/.*\.ts|styles\/.*\.css|[^/]*\.mjs|[^/]*\.json|\.npmrc|index\.html|icon\.svg)$/.test(name);
  return names.filter(isSource).sort().map((name) => `${name} ${hashOf(readFileSync(join(web, name)))}\n`).join("");
}

function write(files) {
  mkdirSync(assets, { recursive: true });
  for (const [name, content] of files) {
    replace(join(root, name), content);
  }

  for (const old of readdirSync(assets).filter((file) => !files.has(`assets/${file}`))) {
    rmSync(join(assets, old), { force: true });
  }

  replace(join(web, "built-from.txt"), listSources());
}

function replace(path, content) {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

function compare(files) {
  const there = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
  const differing = [...new Set([...there, ...files.keys()])]
    .filter((name) => !there.includes(name) || !files.has(name) || !readFileSync(join(root, name)).equals(files.get(name)));
  if (differing.length > 0) {
    fail("WEB0006", `${differing.join(", ")} in wwwroot does not match the sources: build it (npm run build), and commit the changes.`);
  }
}

if (Number(process.versions.node.split(".")[0]) < 20) {
  fail("WEB0001", `this is Node.js ${process.versions.node}, but building the page needs 20 or newer: install it, `
    + "or use the committed page with -p:BuildWeb=false.");
}

const lock = await takeLock(join(web, ".building"));
try {
  installPackages();
  checkTypes();
  const files = await bundle();
  process.argv.includes("--compare") ? compare(files) : write(files);
} catch (error) {
  fail("WEB0005", String(error.message ?? error).replaceAll("\n", " "));
} finally {
  lock.release();
}
