import type { VenueDialect, WireAnswer, WireReply, WireRequest } from '@hyperoru/testkit';
import type { Life } from '../life.ts';
import type { SideWorld } from './side.ts';

const TRAVEL_MS = { from: 3, to: 60 } as const;
/** Dialects look at their own clock this often. */
const TICK_MS = 1_000;
const ADDRESSES = 8;

export interface SimSocketEvents {
  open(): void;
  message(text: string): void;
  pong(): void;
  close(): void;
}

/** Carries requests and sockets between one process and a dialect in virtual time, with the effects the dialect asks for. */
export class WireTransport {
  readonly #world: SideWorld;
  readonly #dialect: VenueDialect;
  readonly #life: Life;
  #requests = 0;
  readonly #tap: (request: WireRequest) => void;

  constructor(parts: {
    readonly world: SideWorld;
    readonly dialect: VenueDialect;
    readonly life: Life;
    /** Sees every request that reaches the venue. */
    readonly tap: (request: WireRequest) => void;
  }) {
    this.#world = parts.world;
    this.#dialect = parts.dialect;
    this.#life = parts.life;
    this.#tap = parts.tap;
  }

  /** Rejects as a network does: an Error with `code`. */
  send(request: Omit<WireRequest, 'ip'>): Promise<WireReply> {
    return new Promise((resolve, reject) => {
      const fail = (code: string): void => this.#later(0, () => reject(Object.assign(new Error(code), { code })));
      if (this.#world.isDown()) return fail('ECONNREFUSED');
      this.#travel(0, () => {
        this.#requests += 1;
        const wired = { ...request, ip: this.#address(this.#requests % ADDRESSES) };
        const { waitMs, run } = this.#dialect.handle(wired);
        const execute = (): void => {
          this.#tap(wired);
          this.#answer(run(), resolve, fail);
        };
        if (waitMs === 0) execute();
        else this.#world.scheduler.after(waitMs, execute);
      });
    });
  }

  /** Limits by address are not what is tried: every life has some of its own. */
  #address(number: number): string {
    return `10.${number}.${this.#life.number >> 8}.${this.#life.number & 255}`;
  }

  #answer({ effect, reply, delayMs }: WireAnswer, resolve: (reply: WireReply) => void, fail: (code: string) => void): void {
    if (effect === 'silence') return;
    if (effect === 'answer' && reply !== null) this.#later(delayMs, () => resolve(reply));
    else fail(effect === 'unreachable' ? 'ECONNREFUSED' : 'ECONNRESET');
  }

  openSocket(url: string, events: SimSocketEvents): { send(text: string): void; ping(): void; close(): void } {
    let isOpen = !this.#world.isDown();
    const close = (): void => {
      if (!isOpen) return;
      isOpen = false;
      session?.closed();
      this.#later(0, () => events.close());
    };
    const { pathname, search } = new URL(url);
    let session: ReturnType<VenueDialect['connect']> | null = null;
    if (!isOpen) this.#later(0, () => events.close());
    else
      this.#travel(0, () => {
        session = this.#dialect.connect(
          { path: `${pathname}${search}`, headers: {}, ip: this.#address(0) },
          {
            send: (text) => this.#later(this.#world.lateness(), () => (isOpen ? events.message(text) : undefined)),
            close,
            drop: close,
            after: (ms, run) => this.#world.scheduler.after(ms, run),
          },
        );
        this.#later(0, () => (isOpen ? events.open() : undefined));
        this.#tick(() => (isOpen && this.#life.isAlive ? session : null));
      });
    return {
      send: (text) => this.#travel(0, () => (isOpen ? session?.receive(text) : undefined)),
      ping: () => this.#later(0, () => (isOpen ? events.pong() : undefined)),
      close,
    };
  }

  #tick(session: () => { tick(): void; closed(): void } | null): void {
    this.#world.scheduler.after(TICK_MS, () => {
      const current = session();
      if (current === null) return;
      current.tick();
      this.#tick(session);
    });
  }

  /** To the venue: arrives also when the sender has died meanwhile. */
  #travel(extraMs: number, arrive: () => void): void {
    this.#world.scheduler.after(this.#world.draw.between(TRAVEL_MS.from, TRAVEL_MS.to) + extraMs, arrive);
  }

  /** To the process: nobody is there once it has died. */
  #later(extraMs: number, happen: () => void): void {
    this.#world.scheduler.afterIn(this.#life, this.#world.draw.between(TRAVEL_MS.from, TRAVEL_MS.to) + extraMs, happen);
  }
}
