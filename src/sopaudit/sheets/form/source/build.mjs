// Builds ../form.html: one file with style, script and licences, and no address in it.
//
// The same sources give the same bytes on every machine: nothing of the day, of the folder or of the
// machine goes in, and a test builds it again and compares.
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const here = (name) => new URL(name, import.meta.url);
const common = { bundle: true, write: false, minify: true, legalComments: "none", logLevel: "error" };
const script = await build({
  ...common, entryPoints: [here("main.js").pathname], format: "iife", target: ["es2020"], charset: "utf8",
});
const style = await build({ ...common, entryPoints: [here("style.css").pathname], charset: "utf8" });

const licences = ["fflate"].map((name) => {
  const about = JSON.parse(readFileSync(here(`node_modules/${name}/package.json`), "utf8"));
  const holder = readFileSync(here(`node_modules/${name}/LICENSE`), "utf8").match(/Copyright.*/)[0];
  return `${name} ${about.version}, ${about.license}, ${holder}`;
});
const MIT = readFileSync(here("node_modules/fflate/LICENSE"), "utf8")
  .split("\n").slice(3).join(" ").replace(/\s+/g, " ").trim();
const notice = `In this file: ${licences.join("; ")}. ${MIT}`;

// A script ends where its closing tag stands, and none may stand inside it.
const text = (made) => made.outputFiles[0].text.replaceAll("</", "<\\/").trim();
const page = readFileSync(here("template.html"), "utf8")
  .replace("%NOTICE%", () => notice)
  .replace("%STYLE%", () => style.outputFiles[0].text.trim())
  .replace("%SCRIPT%", () => text(script));
writeFileSync(process.argv[2] || here("../form.html"), page);
