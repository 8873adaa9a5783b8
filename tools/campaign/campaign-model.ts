import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the campaign asks with; one line of JSON each. */
export const CAMPAIGN_PROMPT = 'Prices\n{{market_prices}}\nPositions\n{{open_positions}}\n';

/** Shares of the answers: of a position closed in parts, and of an entry that is sold. */
const PART_SHARE = 0.3;
const SELL_SHARE = 0.5;

export interface CampaignModel {
  readonly origin: string;
  stop(): Promise<void>;
}

/** An OpenAI-compatible server on 127.0.0.1 that never holds: it closes what is open and enters what is not, so that every trigger trades. */
export async function startCampaignModel(random: () => number): Promise<CampaignModel> {
  const server = createServer((request, response) => {
    answer(request, random).then(
      (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(body),
      (error: unknown) => response.writeHead(400).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, random: () => number): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const { messages } = JSON.parse(Buffer.concat(pieces).toString('utf8')) as { messages: { role: string; content: string }[] };
  const prompt = messages.find(({ role }) => role === 'user')?.content ?? '';
  const content = JSON.stringify({ decisions: decide(prompt, random) });
  const choice = { index: 0, finish_reason: 'stop', message: { role: 'assistant', content } };
  return JSON.stringify({ id: 'campaign', object: 'chat.completion', created: 0, model: 'campaign', choices: [choice] });
}

function decide(prompt: string, random: () => number): readonly object[] {
  const lists = prompt.split('\n').filter((line) => line.startsWith('['));
  const symbols = symbolsIn(lists[0]);
  const held = new Set(symbolsIn(lists[1]));
  const wanted = symbols.filter(() => random() < 0.5);
  return (wanted.length === 0 ? symbols.slice(0, 1) : wanted).map((symbol) =>
    held.has(symbol)
      ? { operation: 'close', symbol, target_portion_of_balance: random() < PART_SHARE ? 0.5 : 1, reason: 'campaign' }
      : {
          operation: random() < SELL_SHARE ? 'sell' : 'buy',
          symbol,
          target_portion_of_balance: 0.05,
          leverage: 2,
          stop_loss_pct: 2,
          take_profit_pct: 2,
          reason: 'campaign',
        },
  );
}

const symbolsIn = (line: string | undefined): readonly string[] =>
  (JSON.parse(line ?? '[]') as { symbol: string }[]).map(({ symbol }) => symbol);
