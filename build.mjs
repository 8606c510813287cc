// Bundles the browser files: static/src/* -> static/dist/*-HASH.* and a manifest that templates look names up in.
// Every .js at the top of src is an entry of its own; elearn.css is the style sheet and takes tokens.css in;
// other files (icons, pictures) are copied. Text files get a .gz and a .br beside them for servers that send those.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, extname, join, parse } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const [source, target] = process.argv.slice(2);
const TEXT = new Set([".js", ".css", ".svg", ".json", ".webmanifest"]);
const BROWSERS = ["es2019", "chrome80", "firefox78", "safari13.1"];
const manifest = {};

function hashed(name, bytes) {
  const { name: stem, ext } = parse(name);
  return `${stem}-${createHash("sha256").update(bytes).digest("hex").slice(0, 10).toUpperCase()}${ext}`;
}

async function emit(name, bytes) {
  const file = hashed(name, bytes);
  manifest[name] = file;
  await writeFile(join(target, file), bytes);
  if (!TEXT.has(extname(name)) || bytes.length < 512) return;
  await writeFile(join(target, `${file}.gz`), gzipSync(bytes, { level: 9 }));
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  await writeFile(join(target, `${file}.br`), brotliCompressSync(bytes, { params: quality }));
}

async function bundle(name, entry) {
  const result = await esbuild.build({
    ...entry,
    bundle: true,
    minify: true,
    write: false,
    target: BROWSERS,
    // Safari 13 and 14.0 mishandle it in rare cases only; esbuild cannot rewrite it.
    supported: { destructuring: true },
    format: "iife",
    legalComments: "none",
    logLevel: "warning",
    outdir: target,
    loader: { ".svg": "dataurl" },
  });
  await emit(name, Buffer.from(result.outputFiles[0].contents));
}

async function styleSheet() {
  const own = await readFile(join(source, "elearn.css"), "utf8");
  const takesTokens = !existsSync(join(source, "tokens.css")) || own.includes("tokens.css");
  const contents = `${takesTokens ? "" : '@import "./tokens.css";\n'}@import "./elearn.css";\n`;
  await bundle("elearn.css", { stdin: { contents, resolveDir: source, loader: "css", sourcefile: "entry.css" } });
}

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
for (const entry of await readdir(source, { withFileTypes: true })) {
  const file = join(source, entry.name);
  if (!entry.isFile() || entry.name.startsWith(".")) continue;
  if (extname(entry.name) === ".js") await bundle(entry.name, { entryPoints: [file] });
  else if (entry.name === "elearn.css") await styleSheet();
  else if (extname(entry.name) !== ".css") await emit(basename(entry.name), await readFile(file));
}
const sorted = Object.fromEntries(Object.entries(manifest).sort());
await writeFile(join(target, "manifest.json"), `${JSON.stringify(sorted, null, 1)}\n`);
