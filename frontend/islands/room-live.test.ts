import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RoomLive } from "./room-live";
import { one, show } from "./testing";

customElements.define("room-live", RoomLive);

class Socket extends EventTarget {
  static last: Socket;
  constructor(readonly url: string) {
    super();
    Socket.last = this;
  }
  close(): void {}
}

const server = vi.fn<typeof fetch>();
const sentBody = () => server.mock.calls[0]?.[1]?.body as FormData;
const COMPOSER = (key: string, inner = "") =>
  `<form class="composer" action="/say/" method="post"><input type="hidden" name="key" value="${key}">${inner}<div class="line"><textarea name="text"></textarea><button>发给三方</button></div></form>`;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", server);
  vi.stubGlobal("WebSocket", Socket);
  window.WebSocket = Socket as unknown as typeof WebSocket;
  server.mockReset();
  show(
    `<room-live data-seq="3" data-socket="/ws/room/abc/" data-after="/room/abc/after/" data-failed="没有发出去"><section data-offer>旧方案</section><div data-log><p>三</p></div></room-live>${COMPOSER("k1")}`,
  );
});

afterEach(() => {
  show("");
  vi.useRealTimers();
});

const nudge = (seq: number) =>
  Socket.last.dispatchEvent(new MessageEvent("message", { data: JSON.stringify({ seq }) }));
const lines = (html: string, last: number, offers = "0") =>
  new Response(html, { headers: { "X-Last-Seq": String(last), "X-Offers-Changed": offers } });
const flush = () => vi.advanceTimersByTimeAsync(0);
const shown = () => [...document.querySelectorAll("[data-log] p")].map((line) => line.textContent);

test("a nudge fetches what is missing, once", async () => {
  server.mockResolvedValue(lines("<p>四</p><p>五</p>", 5));
  nudge(5);
  nudge(5);
  await flush();
  expect(server.mock.calls.map(([url]) => url)).toEqual(["/room/abc/after/3/"]);
  expect(shown()).toEqual(["三", "四", "五"]);

  nudge(4);
  await flush();
  expect(server).toHaveBeenCalledTimes(1);
});

test("lines announced while fetching are fetched after it", async () => {
  let answer: (value: Response) => void = () => undefined;
  server.mockReturnValueOnce(
    new Promise((done) => {
      answer = done;
    }),
  );
  server.mockResolvedValueOnce(lines("<p>五</p>", 5));
  nudge(4);
  nudge(5);
  answer(lines("<p>四</p>", 4));
  await flush();
  expect(shown()).toEqual(["三", "四", "五"]);
});

test("a changed offer is fetched with its page", async () => {
  server
    .mockResolvedValueOnce(lines("<p>四</p>", 4, "1"))
    .mockResolvedValueOnce(new Response("<main><section data-offer>新方案</section></main>"));
  nudge(4);
  await flush();
  expect(document.querySelector("[data-offer]")?.textContent).toBe("新方案");
});

test("a lost socket is opened again, a refused one is not", async () => {
  const first = Socket.last;
  first.dispatchEvent(new CloseEvent("close", { code: 1006 }));
  await vi.advanceTimersByTimeAsync(1100);
  expect(Socket.last).not.toBe(first);

  const second = Socket.last;
  second.dispatchEvent(new CloseEvent("close", { code: 4404 }));
  await vi.advanceTimersByTimeAsync(5000);
  expect(Socket.last).toBe(second);
});

async function say(text: string): Promise<void> {
  one<HTMLTextAreaElement>("textarea").value = text;
  document.querySelector("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
  await flush();
}

test("a line is sent without leaving the page, and the next one has its own key", async () => {
  server
    .mockResolvedValueOnce(new Response(`<main></main>${COMPOSER("k2")}`))
    .mockResolvedValueOnce(lines("<p>我</p>", 4));
  await say("我要求退 799 元");
  expect(sentBody().get("key")).toBe("k1");
  expect(one<HTMLTextAreaElement>("textarea").value).toBe("");
  expect(one<HTMLInputElement>("input[name=key]").value).toBe("k2");
  expect(shown()).toEqual(["三", "我"]);
});

test("a refused line comes back with the reason", async () => {
  server
    .mockResolvedValueOnce(new Response(COMPOSER("k2", "<p class='wrong-why'>太长了</p>"), { status: 422 }))
    .mockResolvedValueOnce(lines("", 3));
  await say("长");
  expect(document.querySelector(".composer .wrong-why")?.textContent).toBe("太长了");
});

test("a line that was not sent stays, and that is said", async () => {
  server.mockRejectedValueOnce(new TypeError("offline"));
  await say("还在吗");
  expect(one<HTMLTextAreaElement>("textarea").value).toBe("还在吗");
  expect(document.querySelector("[data-unsent]")?.textContent).toBe("没有发出去");
});
