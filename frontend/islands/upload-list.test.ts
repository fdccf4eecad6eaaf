import { beforeEach, expect, test, vi } from "vitest";
import { one, show } from "./testing";
import { UploadList } from "./upload-list";

customElements.define("upload-list", UploadList);

const server = vi.fn<typeof fetch>();
const sentBody = () => server.mock.calls[0]?.[1]?.body as FormData;
const LIST = (inner: string) =>
  `<form action="/draft/x/evidence/" method="post"><h1>凭证</h1><upload-list id="files" data-sending="正在上传" data-failed="没有传上">${inner}<div data-drop><label for="up">添加照片或文件</label><input type="file" id="up" name="upload_ids" multiple><button name="more" value="1">上传选好的</button><p data-sent></p></div></upload-list></form>`;

beforeEach(() => {
  vi.stubGlobal("fetch", server);
  server.mockReset();
  show(LIST(""));
});

function choose(): void {
  const field = one<HTMLInputElement>("input[type=file]");
  Object.defineProperty(field, "files", { value: [new File(["x"], "小票.jpg")], configurable: true });
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

const settled = () => new Promise((done) => setTimeout(done));

test("the button is for those without script; with it the label is pressed", () => {
  expect(one<HTMLLabelElement>("label").className).toBe("button quiet");
  expect(one<HTMLInputElement>("input[type=file]").className).toBe("sr");
  expect(one<HTMLButtonElement>("button").hidden).toBe(true);
});

test("chosen files are sent at once and only the list is replaced", async () => {
  const heading = document.querySelector("h1");
  server.mockResolvedValue(new Response(LIST("<ul class='files'><li>小票.jpg</li></ul>")));
  choose();
  await settled();

  expect(sentBody().get("more")).toBe("1");
  expect(document.querySelector(".files li")?.textContent).toBe("小票.jpg");
  expect(document.querySelector("h1")).toBe(heading);
  expect(one<HTMLButtonElement>("button").hidden).toBe(true);
});

test("a refusal comes back with its sentence", async () => {
  server.mockResolvedValue(new Response(LIST("<p class='wrong-why'>这个文件太大了</p>"), { status: 422 }));
  choose();
  await settled();
  expect(document.querySelector(".wrong-why")?.textContent).toBe("这个文件太大了");
});

test("what could not be sent is said, and the button comes back", async () => {
  server.mockRejectedValue(new TypeError("offline"));
  choose();
  await settled();
  expect(document.querySelector("[data-sent]")?.textContent).toBe("没有传上");
  expect(one<HTMLButtonElement>("button").hidden).toBe(false);
});
