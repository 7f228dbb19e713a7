import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filesBeside, readIntegration, readIntegrationFile } from "../../generator/integration/index.js";
import { read, shown } from "./support.js";

const BASE = `name: Base
logo: base.svg
categories: [crm]
auth_schemes:
  - name: oauth
    auth_mode: OAUTH2
    authorization_url: https://example.com/authorize
    token_url: https://example.com/token
    default_scopes: [read]
    proxy:
      base_url: https://api.example.com
      headers: {Authorization: "Bearer {{access_token}}", X-Base: "1"}
    fields:
      - name: region
        default: eu
      - name: team
  - name: key
    auth_mode: API_KEY
`;

describe("what a file extends", () => {
  test("fills in what it does not say, scheme by scheme and field by field", () => {
    const { integration, diagnostics } = read(
      `extends: base/crm/integrations.yaml
name: Own
auth_schemes:
  - scheme_name: oauth
    default_scopes: [write]
    proxy:
      headers: {X-Own: "{{team}}"}
    fields:
      - name: region
        default: us
  - name: login
    auth_mode: BASIC
`,
      { "base/crm/integrations.yaml": BASE },
    );
    expect(diagnostics).toEqual([]);
    expect(integration).toMatchObject({ name: "Own", logo: "base.svg", categories: ["crm"] });
    expect(integration?.app.schemes.map(({ name }) => name)).toEqual(["oauth", "key", "login"]);
    expect(integration?.app.schemes[0]).toMatchObject({
      mode: "OAUTH2",
      tokenUrl: "https://example.com/token",
      scopes: ["write"],
      proxy: {
        baseUrl: "https://api.example.com",
        headers: { Authorization: "Bearer {{access_token}}", "X-Base": "1", "X-Own": "{{team}}" },
      },
      fields: [
        { name: "region", default: "us" },
        { name: "team", required: true },
      ],
    });
  });

  test("may extend another, whose faults are reported at its own lines", () => {
    const reading = read("extends: ./a.yaml\n", {
      "a.yaml": "extends: b.yaml\nname: A\n",
      "b.yaml": "name: B\nunique_key: b\n\nauth_schemes: [{name: x, auth_mode: NEVER}]\n",
    });
    expect(shown(reading)).toHaveLength(1);
    expect(shown(reading)[0]).toMatch(/^b\.yaml:4:37 error TB2051 Invalid value for `auth_mode`/);
    const whole = read("extends: a.yaml\n", {
      "a.yaml": "extends: b.yaml\nname: A\n",
      "b.yaml": "name: B\nunique_key: b\n",
    });
    expect(whole.integration).toMatchObject({ name: "A", slug: "b" });
  });

  test.each([
    ["https://example.com/integration.yaml", "nothing is fetched"],
    ["file:///etc/passwd", "nothing is fetched"],
    ["/etc/integration.yaml", "may lead outside"],
    ["../../../etc/integration.yaml", "may lead outside"],
    ["base/../../x.yaml", "may lead outside"],
    ["..\\x.yaml", "may lead outside"],
    ["C:\\x.yaml", "nothing is fetched"],
    ['"a\\0.yaml"', "may lead outside"],
    ["secrets.env", "received `secrets.env`"],
    ["missing.yaml", "copy it to `missing.yaml` in the app's folder"],
    ["[a.yaml]", "received a list"],
  ])("is not %s", (path, reason) => {
    const asked: string[] = [];
    const reading = read(
      `extends: ${path}\n`,
      new Proxy({}, { getOwnPropertyDescriptor: (_, key) => void asked.push(String(key)) }),
    );
    expect(reading.integration).toBeUndefined();
    expect(shown(reading)).toHaveLength(1);
    expect(shown(reading)[0]).toMatch(/^1:10 error TB2053 `extends` cannot be followed: /);
    expect(shown(reading)[0]).toContain(reason);
    expect(asked).toEqual(path === "missing.yaml" ? ["missing.yaml"] : []);
  });

  test("does not lead back, and is not without end", () => {
    const loop = read("extends: a.yaml\n", { "a.yaml": "extends: b.yaml\n", "b.yaml": "extends: a.yaml\n" });
    expect(shown(loop)).toEqual([
      "b.yaml:1:10 error TB2053 `extends` cannot be followed: expected a file that does not extend this one in turn, received `a.yaml`. Fix: remove `extends` from one of them.",
    ]);
    expect(
      shown(read("extends: integration.yaml\n", { "integration.yaml": "extends: integration.yaml\n" })),
    ).toHaveLength(1);
    const chain = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}.yaml`, `extends: "${i + 1}.yaml"\n`]));
    expect(shown(read('extends: "0.yaml"\n', chain))).toHaveLength(1);
  });
});

describe("on disk", () => {
  let root: string;
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const shownPath = (path: string): string => path.slice(root.length + 1);
  const reading = (path: string): ReturnType<typeof read> => {
    put("apps/crm/integration.yaml", `extends: ${path}\n`);
    const folder = join(root, "apps/crm");
    return readIntegration(
      readIntegrationFile(join(folder, "integration.yaml"), shownPath),
      filesBeside(folder, shownPath),
    );
  };

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "toolbind-extends-"));
    put("apps/crm/base/own.yaml", "name: Own\n");
    put("apps/base/shared.yaml", "name: Shared\n");
    put("apps/asana/integrations.yaml", "name: Asana\n");
    put("outside.yaml", "name: Outside\n");
    symlinkSync(join(root, "outside.yaml"), join(root, "apps/crm/link.yaml"));
    symlinkSync(root, join(root, "apps/up"));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  test.each([
    ["base/own.yaml", "Own"],
    ["base/shared.yaml", "Shared"],
    ["base/asana/integrations.yaml", "Asana"],
    ["asana/integrations.yaml", "Asana"],
  ])("%s is found in the app's folder or beside it", (path, name) => {
    expect(reading(path).integration?.name).toBe(name);
  });

  test.each(["link.yaml", "up/outside.yaml", "outside.yaml", "base"])("%s is not, since it leads elsewhere", (path) => {
    expect(reading(path).integration).toBeUndefined();
    expect(reading(path).diagnostics.map(({ code }) => code)).toEqual(["TB2053"]);
  });

  test("a file far too large is not read whole, and refused", () => {
    put("apps/asana/large.yaml", `name: ${"x".repeat(5_000_000)}`);
    expect(readIntegrationFile(join(root, "apps/asana/large.yaml"), shownPath).text.length).toBeLessThan(2_000_000);
    expect(shown(reading("asana/large.yaml"))[0]).toContain("apps/asana/large.yaml:1:1 error TB2050");
  });
});
