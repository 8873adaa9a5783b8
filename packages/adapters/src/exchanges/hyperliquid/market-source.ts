import { type Candle, INTERVAL_MS, type Interval, type Symbol, timestamp } from '@hyperoru/domain';
import type { Clock } from '@hyperoru/engine';
import type { MarketReading, MarketSource, PriceChange } from '../live/market-source.ts';
import type { StartStream } from '../live/stream-port.ts';
import type { HyperliquidApi } from './api.ts';
import { assetsOf, instrumentOf, symbolOf } from './assets.ts';
import { jsonOf } from './json.ts';
import { CANDLES, META_AND_CONTEXTS, STREAM_BBO, STREAM_CONTEXT, STREAM_MESSAGE } from './wire.ts';

export interface HyperliquidMarketDeps {
  readonly api: HyperliquidApi;
  readonly clock: Clock;
  readonly wsUrl: string;
  readonly startStream: StartStream;
  readonly symbols: readonly Symbol[];
}

/** Prices of Hyperliquid's perpetuals: read all at once, then heard per symbol. */
export class HyperliquidMarketSource implements MarketSource {
  readonly label = 'Hyperliquid';
  readonly #deps: HyperliquidMarketDeps;
  /** The venue's names, known after the first reading. */
  #coins: readonly string[] = [];

  constructor(deps: HyperliquidMarketDeps) {
    this.#deps = deps;
  }

  /** Bid and ask are those of a larger order until the stream tells the best ones. Throws VenueUnavailable. */
  async read(): Promise<readonly MarketReading[]> {
    const [meta, contexts] = await this.#deps.api.info({ type: 'metaAndAssetCtxs' }, META_AND_CONTEXTS);
    const assets = assetsOf(meta);
    const readings = this.#deps.symbols.flatMap((name) => {
      const asset = assets.get(name);
      const context = asset === undefined ? undefined : contexts[asset.id];
      if (asset === undefined || context === undefined || asset.isDelisted || Number(context.markPx) === 0) return [];
      const mark = context.markPx;
      const [bid, ask] = context.impactPxs ?? [mark, mark];
      return [{ coin: asset.coin, instrument: instrumentOf(asset, mark), mark, bid, ask }];
    });
    this.#coins = readings.map(({ coin }) => coin);
    return readings;
  }

  async candles(name: Symbol, interval: Interval, count: number): Promise<readonly Candle[]> {
    const coin = this.#coins.find((entry) => symbolOf(entry) === name);
    if (coin === undefined) return [];
    const now = this.#deps.clock.now();
    const req = { coin, interval, startTime: Math.max(0, now - (count + 1) * INTERVAL_MS[interval]), endTime: now };
    const rows = await this.#deps.api.info({ type: 'candleSnapshot', req }, CANDLES);
    const closed = rows.filter(({ T }) => T < now);
    return closed.slice(-count).map(({ t, o, h, l, c, v }) => ({
      symbol: name,
      interval,
      openTime: timestamp(t),
      open: Number(o),
      high: Number(h),
      low: Number(l),
      close: Number(c),
      volume: Number(v),
    }));
  }

  listen(onChange: (change: PriceChange) => void): () => void {
    const stream = this.#deps.startStream({
      name: 'hyperliquid/market',
      url: async () => this.#deps.wsUrl,
      keepAlive: '{"method":"ping"}',
      onOpen: (send) => {
        for (const coin of this.#coins)
          for (const type of ['bbo', 'activeAssetCtx']) send(JSON.stringify({ method: 'subscribe', subscription: { type, coin } }));
      },
      onMessage: (text) => {
        const change = this.#changeOf(text);
        if (change !== null) onChange(change);
      },
    });
    return () => stream.stop();
  }

  #changeOf(text: string): PriceChange | null {
    const message = STREAM_MESSAGE.safeParse(jsonOf(text));
    if (!message.success) return null;
    const bbo = message.data.channel === 'bbo' ? STREAM_BBO.safeParse(message.data.data) : null;
    if (bbo?.success === true) {
      const name = symbolOf(bbo.data.coin);
      const [bid, ask] = bbo.data.bbo;
      if (name === null || bid === null || ask === null) return null;
      return { symbol: name, bid: bid.px, ask: ask.px, at: timestamp(bbo.data.time) };
    }
    const context = message.data.channel === 'activeAssetCtx' ? STREAM_CONTEXT.safeParse(message.data.data) : null;
    const name = context?.success === true ? symbolOf(context.data.coin) : null;
    return context?.success === true && name !== null ? { symbol: name, mark: context.data.ctx.markPx, at: this.#deps.clock.now() } : null;
  }
}
