/** An API wallet of a master account. */
export interface Agent {
  readonly address: string;
  readonly master: string;
  /** null = the one unnamed agent. */
  readonly name: string | null;
  /** Moment after which its signatures are refused, ms. */
  readonly validUntil: number;
}

export interface SignersDump {
  readonly agents: readonly Agent[];
  readonly nonces: Readonly<Record<string, readonly number[]>>;
}

const DAY_MS = 86_400_000;
export const AGENT_LIFE_DEFAULT_MS = 90 * DAY_MS;
export const AGENT_LIFE_MAX_MS = 180 * DAY_MS;
const NAMED_AGENTS_MAX = 3;
const NONCES_KEPT = 100;
const NONCE_PAST_MS = 2 * DAY_MS;
const NONCE_FUTURE_MS = DAY_MS;

/** Agents of all accounts and the nonces each signer has used. */
export class Signers {
  readonly #agents = new Map<string, Agent>();
  readonly #nonces = new Map<string, number[]>();

  /** The account a signer acts for now; null when it has none. */
  masterOf(signer: string, now: number): string | null {
    const agent = this.#agents.get(signer);
    return agent !== undefined && agent.validUntil > now ? agent.master : null;
  }

  agentsOf(master: string, now: number): readonly Agent[] {
    return [...this.#agents.values()].filter((agent) => agent.master === master && agent.validUntil > now);
  }

  /** Adds an agent; one with the same name is replaced. Returns the reason of a refusal. */
  approve(agent: Agent, now: number): string | null {
    const taken = this.#agents.get(agent.address);
    if (taken !== undefined && taken.master !== agent.master) return 'Extra agent already used.';
    const others = this.agentsOf(agent.master, now).filter((other) => other.name !== agent.name && other.name !== null);
    if (agent.name !== null && others.length >= NAMED_AGENTS_MAX) return 'Too many extra agents.';
    for (const other of this.agentsOf(agent.master, now)) if (other.name === agent.name) this.#retire(other.address);
    this.#agents.set(agent.address, agent);
    return null;
  }

  /** Forgets every agent of an account, as when its keys were revoked. */
  removeAgentsOf(master: string): void {
    for (const agent of [...this.#agents.values()]) if (agent.master === master) this.#retire(agent.address);
  }

  /** What a retired key has used is forgotten too: its old requests could be replayed if its address were approved again. */
  #retire(address: string): void {
    this.#agents.delete(address);
    this.#nonces.delete(address);
  }

  /** Takes a nonce; the text of the refusal when it must not be used. Only the highest hundred of a signer are kept. */
  takeNonce(signer: string, nonce: number, now: number): string | null {
    if (nonce <= now - NONCE_PAST_MS) return `Invalid nonce: nonce too low ${nonce} < ${now - NONCE_PAST_MS}`;
    if (nonce >= now + NONCE_FUTURE_MS) return `Invalid nonce: nonce too high ${nonce} > ${now + NONCE_FUTURE_MS}`;
    const used = this.#nonces.get(signer) ?? [];
    if (used.includes(nonce)) return `Invalid nonce: duplicate nonce ${nonce}`;
    const lowest = used[0];
    if (used.length >= NONCES_KEPT && lowest !== undefined && nonce < lowest) return `Invalid nonce: nonce too low ${nonce} < ${lowest}`;
    used.push(nonce);
    used.sort((a, b) => a - b);
    if (used.length > NONCES_KEPT) used.shift();
    this.#nonces.set(signer, used);
    return null;
  }

  dump(): SignersDump {
    return { agents: [...this.#agents.values()], nonces: Object.fromEntries(this.#nonces) };
  }

  load(dump: SignersDump): void {
    this.#agents.clear();
    this.#nonces.clear();
    for (const agent of dump.agents) this.#agents.set(agent.address, agent);
    for (const [signer, nonces] of Object.entries(dump.nonces)) this.#nonces.set(signer, [...nonces]);
  }
}
