// What is said about a record, on the page of a patient, of a lead, and of a room that has no page of its own.

import { expectAccessible } from "../axe";
import { notices } from "../desk";
import { alive, expect, test } from "../fixtures";

test("a note with a checklist and a mention is written, ticked, taken away and brought back, and the timeline tells of it", async ({ as, rest }) => {
    const desk = await rest("desk");
    const id = await desk.patient("Zofia Bratek");
    const page = await as("desk");
    await page.goto(`/dashboard/gabinet/patients/${id}`);
    await alive(page);
    const side = page.getByRole("region", { name: "Notes, tasks, documents, links and history" });
    const field = side.getByRole("textbox", { name: "New note" });
    await field.fill("Ask ");
    await field.press("End");
    await page.keyboard.type("@marta");
    await expect(side.getByRole("option", { name: "Marta Lis" })).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(field).toHaveValue("Ask @Marta Lis ");
    await page.keyboard.type("<b>today</b>\n\n- [ ] send the form\n- [ ] ring back");
    await page.keyboard.press("Control+Enter");
    const note = side.getByRole("listitem").filter({ hasText: "Ewa Wrona" });
    await expect(note.locator(".mention")).toHaveText("@Marta Lis");
    await expect(note, "HTML is text").toContainText("<b>today</b>");
    await expect(field).toHaveValue("");
    await note.getByRole("checkbox", { name: "ring back" }).click();
    await expect(note.getByRole("checkbox", { name: "ring back" })).toBeChecked();
    await expect(note).toContainText("1 of 2 done");
    await expectAccessible(page);

    await note.getByRole("button", { name: "Delete" }).click();
    await expect(note).toHaveCount(0);
    await notices(page).getByRole("button", { name: "Undo" }).click();
    await expect(note).toHaveCount(1);

    await side.getByRole("tab", { name: "Timeline" }).click();
    const entries = side.locator(".beside-entry");
    await expect(entries.first()).toContainText("brought a note back");
    await entries.first().getByRole("button", { name: /^Undo/ }).click();
    await expect(entries.first()).toContainText("deleted a note");
    await side.getByRole("button", { name: "As it was" }).click();
    await side.getByRole("button", { name: "Show", exact: true }).click();
    // Of a patient the log holds the number, and no name.
    await expect(side.locator(".beside-as-of")).toContainText(/Number\s*P\d{5}/);
    await expectAccessible(page);
    const { items } = await desk.get<{ items: { verb: string }[] }>(`/records/${id}/timeline?kinds=notes`);
    expect(items.map(({ verb }) => verb)).toEqual(["note_deleted", "note_restored", "note_deleted", "note_changed", "note_added"]);
});

test("a task about a patient stands on the page of one's own tasks and is ticked there with the keyboard", async ({ as, rest, complaints }) => {
    // A task without a title is refused, which the console tells too.
    complaints.expect(/status of 422 .*\/fn\/records\/task/);
    const desk = await rest("desk");
    const id = await desk.patient("Zofia Bratek");
    const page = await as("desk");
    await page.goto(`/dashboard/gabinet/patients/${id}`);
    await alive(page);
    const side = page.getByRole("region", { name: "Notes, tasks, documents, links and history" });
    await side.getByRole("tab", { name: "Notes" }).focus();
    await page.keyboard.press("ArrowRight");
    await expect(side.getByRole("tab", { name: "Tasks" })).toHaveAttribute("aria-selected", "true");
    await side.getByRole("button", { name: "New task" }).click();
    const form = page.getByRole("dialog", { name: "New task" });
    await form.getByRole("button", { name: "Save" }).click();
    await expect(form.getByRole("textbox", { name: "Title" })).toHaveAttribute("aria-invalid", "true");
    await form.getByRole("textbox", { name: "Title" }).fill("Ring the laboratory");
    await form.getByLabel("Due").fill("2026-11-24");
    await form.getByRole("textbox", { name: "Time" }).fill("18:30");
    await form.getByRole("checkbox", { name: "Set time aside in the calendar" }).check();
    await form.getByRole("button", { name: "Save" }).click();
    await expect(form).toBeHidden();
    await expect(side.getByRole("link", { name: "In the calendar" })).toBeVisible();
    await expect(side.getByRole("checkbox", { name: "Ring the laboratory" })).not.toBeChecked();

    await page.goto("/dashboard/tasks");
    await alive(page);
    await expect(page.getByRole("heading", { name: /^Today/ })).toBeVisible();
    await expectAccessible(page);
    const own = page.getByRole("listitem").filter({ hasText: "Ring the laboratory" });
    await expect(own.getByRole("link", { name: "Zofia Bratek" })).toBeVisible();
    await page.keyboard.press("j");
    await own.getByRole("checkbox").focus();
    await page.keyboard.press("x");
    await expect(own).toHaveCount(0);
    await expect(notices(page)).toContainText("Task done");
    const view = await desk.day("2026-11-24");
    expect(view.events.find((event) => event.title === "Ring the laboratory")?.status).toBe("completed");
});

test("two records are linked, read from both sides, and a tag is made and put on", async ({ as, rest }) => {
    const owner = await rest("owner");
    const [one, other] = [await owner.patient("Zofia Bratek"), await owner.patient("Antoni Bratek")];
    const page = await as("owner");
    await page.goto(`/dashboard/gabinet/patients/${one}`);
    await alive(page);
    const side = page.getByRole("region", { name: "Notes, tasks, documents, links and history" });
    await side.getByRole("tab", { name: "Links" }).click();
    await side.getByRole("button", { name: "New kind of link" }).click();
    const kind = page.getByRole("dialog", { name: "New kind of link" });
    await kind.getByRole("textbox", { name: "Name", exact: true }).fill("is an aunt of");
    await kind.getByRole("textbox", { name: "Name from the other side" }).fill("is a nephew of");
    await kind.getByRole("button", { name: "Save" }).click();
    await expect(kind).toBeHidden();
    await side.getByRole("button", { name: "New link" }).click();
    const form = page.getByRole("dialog", { name: "New link" });
    await form.getByRole("combobox", { name: "How" }).selectOption({ label: "is an aunt of" });
    await form.getByRole("combobox", { name: "With what" }).fill("bratek ant");
    await form.getByRole("option", { name: /Antoni Bratek/ }).click();
    await form.getByRole("button", { name: "Save" }).click();
    await expect(side.getByRole("link", { name: "Antoni Bratek" })).toBeVisible();
    const { items } = await owner.get<{ items: { name: string; other: { id: string } }[] }>(`/records/${other}/links`);
    expect(items.map((link) => [link.name, link.other.id])).toEqual([["is a nephew of", one]]);

    await side.getByRole("button", { name: "Add a tag" }).click();
    await side.getByRole("combobox", { name: "Add a tag" }).fill("aunts");
    await side.getByRole("option", { name: "Create “aunts”" }).click();
    await expect(side.getByRole("list", { name: "Tags" })).toContainText("aunts");
    await side.getByRole("button", { name: "Take off “aunts”" }).click();
    await notices(page).getByRole("button", { name: "Undo" }).click();
    await expect(side.getByRole("list", { name: "Tags" })).toContainText("aunts");
});

test("a room has a page for what is said about it, and a patient's own page is found by any address", async ({ as, rest }) => {
    const desk = await rest("desk");
    const { items } = await desk.get<{ items: { id: string; name: string }[] }>("/resources?kind=room");
    const room = items[0];
    const page = await as("desk");
    await page.goto(`/dashboard/records/${room?.id}`);
    await alive(page);
    await expect(page.getByRole("heading", { level: 1, name: room?.name ?? "" })).toBeVisible();
    await expect(page.getByRole("region", { name: "Notes, tasks, documents, links and history" })).toBeVisible();
    const id = await desk.patient("Zofia Bratek");
    await page.goto(`/dashboard/records/${id}`);
    await expect(page).toHaveURL(new RegExp(`/dashboard/people/${id}$`));
});
