// Files on a record: brought by the keyboard, followed by another version, lent by a link that a stranger opens, revoked.

import { expectAccessible } from "../axe";
import { notices } from "../desk";
import { alive, expect, test } from "../fixtures";

const LABEL = "Notes, tasks, documents, links and history";

test("a file is brought by the keyboard, gets a second version, is lent and revoked, and the timeline tells of it", async ({
    as,
    rest,
    browser,
    baseURL,
    complaints,
}) => {
    // A link that was revoked leads nowhere, which the stranger's console tells too.
    complaints.expect(/status of 404 .*\/shared\//);
    const desk = await rest("desk");
    const id = await desk.patient("Zofia Bratek");
    const page = await as("desk");
    await page.goto(`/dashboard/gabinet/patients/${id}`);
    await alive(page);
    const side = page.getByRole("region", { name: LABEL });
    await side.getByRole("tab", { name: "Tasks" }).focus();
    await side.getByRole("tab", { name: "Tasks" }).press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect(side.getByRole("tab", { name: "Documents" })).toHaveAttribute("aria-selected", "true");
    await side.getByRole("textbox", { name: "Into the folder" }).fill("Consents/2026");

    // The browser's own choice of files is opened by the keyboard.
    const choosing = page.waitForEvent("filechooser");
    await side.getByLabel("Bring files").focus();
    await page.keyboard.press("Enter");
    const mark = `consent ${Date.now().toString(36)}`;
    await (await choosing).setFiles({ name: `${mark}.txt`, mimeType: "text/plain", buffer: Buffer.from("I agree\n") });
    const entry = side.getByRole("listitem").filter({ hasText: mark });
    await expect(entry).toContainText("8 B · Ewa Wrona");
    await expect(side.getByRole("heading", { name: "Consents/2026" })).toBeVisible();
    await expect(notices(page)).toContainText("is kept");
    await expectAccessible(page);

    await entry.getByRole("button", { name: /^Versions of/ }).focus();
    await page.keyboard.press("Enter");
    const versions = page.getByRole("dialog", { name: /^Versions of/ });
    await expect(versions.getByText("present")).toBeVisible();
    await versions
        .getByLabel("Bring a new version")
        .setInputFiles({ name: "signed.txt", mimeType: "text/plain", buffer: Buffer.from("I agree and sign\n") });
    await expect(versions.getByRole("listitem")).toHaveCount(2);
    await expect(versions.getByRole("listitem").first()).toContainText("version 2");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(entry).toContainText("version 2 of 2");

    await entry.getByRole("button", { name: /^Lend/ }).click();
    const lending = page.getByRole("dialog", { name: /^Lend/ });
    await lending.getByRole("button", { name: "an hour" }).click();
    await lending.getByRole("button", { name: "Make a link" }).click();
    const address = await lending.getByLabel("Address of the link").inputValue();
    expect(address).toContain("/shared/");
    await expectAccessible(page);

    // Somebody who has nothing but the address.
    const stranger = await browser.newContext({ baseURL });
    const theirs = await stranger.newPage();
    const answer = await theirs.goto(address);
    expect(answer?.status()).toBe(200);
    await expect(theirs.locator("body")).toContainText("I agree and sign");
    const headers = answer?.headers() ?? {};
    expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["content-security-policy"]).toContain("sandbox");
    expect(headers["cache-control"]).toContain("no-store");

    await expect(lending.getByRole("listitem")).toContainText("opened 1 time");
    await lending.getByRole("button", { name: /^Revoke the link/ }).click();
    await expect(lending.getByText("No link leads here now.")).toBeVisible();
    const gone = await theirs.goto(address);
    expect(gone?.status()).toBe(404);
    await expect(theirs.getByRole("heading", { name: "This link leads nowhere" })).toBeVisible();
    await stranger.close();
    await page.keyboard.press("Escape");

    await entry.getByRole("button", { name: /^Delete/ }).click();
    await expect(entry).toHaveCount(0);
    await notices(page).getByRole("button", { name: "Undo" }).click();
    await expect(entry).toHaveCount(1);
    await side.getByRole("tab", { name: "Timeline" }).click();
    await side.getByRole("button", { name: "Documents", exact: true }).click();
    const entries = side.locator(".beside-entry");
    await expect(entries.first()).toContainText("brought a document back");
    await expect(entries.filter({ hasText: "Somebody with the link opened a document" })).toHaveCount(1);
    const { items } = await desk.get<{ items: { verb: string }[] }>(`/records/${id}/timeline?kinds=documents`);
    expect(items.slice(0, 7).map(({ verb }) => verb)).toEqual([
        "document_restored",
        "document_deleted",
        "document_unshared",
        "document_opened",
        "document_shared",
        "document_version_added",
        "document_added",
    ]);
});

test("files are dropped, a twin is told, and one that is too large never leaves", async ({ as, rest }) => {
    const desk = await rest("desk");
    const id = await desk.patient("Antoni Bratek");
    const page = await as("desk");
    await page.goto(`/dashboard/gabinet/patients/${id}`);
    await alive(page);
    const side = page.getByRole("region", { name: LABEL });
    await side.getByRole("tab", { name: "Documents" }).click();
    const place = side.locator(".document-drop");
    await place.waitFor();
    const mark = `scan ${Date.now().toString(36)}`;
    const dropped = await page.evaluateHandle((mark) => {
        const carried = new DataTransfer();
        carried.items.add(new File(["<!doctype html><script>alert(1)</script>"], `${mark}.png`, { type: "image/png" }));
        carried.items.add(new File(["<!doctype html><script>alert(1)</script>"], `${mark} again.png`, { type: "image/png" }));
        return carried;
    }, mark);
    await place.dispatchEvent("drop", { dataTransfer: dropped });
    const twin = side.getByRole("listitem").filter({ hasText: `${mark} again.png` });
    await expect(twin).toContainText(`same file as “${mark}.png”`);
    // It is no picture, whatever it is called.
    const link = side.getByRole("link", { name: `${mark}.png`, exact: true });
    const saving = page.waitForEvent("download");
    await link.click();
    expect((await saving).suggestedFilename()).toBe(`${mark}.png`);

    await side.getByLabel("Bring files").setInputFiles({ name: "film.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(21 * 1024 * 1024) });
    await expect(side.locator(".document-way")).toContainText("A file has at most 20 MB.");
    await side.getByRole("button", { name: "Leave “film.bin” out" }).click();
    await expect(side.locator(".document-way")).toHaveCount(0);
});
