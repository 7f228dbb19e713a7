import { cancel, intro, isCancel, multiselect, outro, select, text } from "@clack/prompts";
import { findConfig } from "../../config/find.js";
import { starterToolkits, type Choices } from "./steps.js";

/** Asks what to set up; undefined when the user breaks off. */
export async function ask(cwd: string, defaults: Choices): Promise<Choices | undefined> {
  intro("toolbind init");
  const choices = await askEach(cwd, defaults);
  if (choices === undefined) cancel("Nothing was written.");
  else outro("Done:");
  return choices;
}

async function askEach(cwd: string, defaults: Choices): Promise<Choices | undefined> {
  let { output, zod, starter } = defaults;
  if (findConfig(cwd) === undefined) {
    const folder = await text({
      message: "Which folder should the output go to?",
      initialValue: output,
      validate: (value) => ((value ?? "").trim() === "" ? "Enter a folder." : undefined),
    });
    if (isCancel(folder)) return undefined;
    const flavour = await select<Choices["zod"]>({
      message: "Which flavour of zod should the validators use?",
      options: [
        { value: "mini", label: "zod/mini", hint: "small bundles" },
        { value: "classic", label: "zod", hint: "if your program bundles it anyway" },
      ],
      initialValue: zod,
    });
    if (isCancel(flavour)) return undefined;
    output = folder.trim();
    zod = flavour;
  }
  const bundled = await starterToolkits(cwd);
  if (bundled.length > 0) {
    const chosen = await multiselect({
      message:
        "There is no snapshot yet. Which of the bundled toolkits should be copied, so that you can generate without a key?",
      options: bundled.map((toolkit) => ({ value: toolkit })),
      initialValues: bundled,
      required: false,
    });
    if (isCancel(chosen)) return undefined;
    starter = chosen;
  }
  return { output, zod, starter };
}
