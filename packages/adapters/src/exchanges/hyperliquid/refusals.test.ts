import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAnswer, readFailure } from './answer.ts';
import { placedBy } from './placed.ts';
import { refusalOf } from './refusals.ts';

test.each([
  ['Price must be divisible by tick size. asset=0', 'invalid_price', 'Price must be divisible by tick size.'],
  ['Order must have minimum value of $10. asset=3', 'below_minimum_notional', 'Order must have minimum value of $10.'],
  ['Insufficient margin to place order. asset=0', 'insufficient_margin', 'Insufficient margin to place order.'],
  ['Reduce only order would increase position. asset=1', 'reduce_only_would_increase', 'Reduce only order would increase position.'],
  [
    'Post only order would have immediately matched, bbo was 1@2. asset=1',
    'post_only_would_match',
    'Post only order would have immediately matched, bbo was 1@2.',
  ],
  ['Order could not immediately match against any resting orders. asset=1', 'ioc_not_matched', undefined],
  ['Invalid TP/SL price. asset=1', 'would_trigger_immediately', 'Invalid TP/SL price.'],
  ['User or API Wallet 0xabc does not exist.', 'credentials_invalid', 'User or API Wallet 0xabc does not exist.'],
  ['Too many cumulative requests sent (2 > 1) for cumulative volume traded $0', 'rate_limited', undefined],
  ['Invalid nonce: nonce too low 1 < 2', 'invalid_nonce', 'Invalid nonce: nonce too low 1 < 2.'],
  ['The action has expired', 'expired_deadline', 'The action has expired.'],
  ['Something the venue never said before', 'venue_refused', 'Something the venue never said before.'],
])('%s → %s', (text, code, message) => {
  expect(refusalOf(text)).toMatchObject({ kind: 'rejected', code, ...(message === undefined ? {} : { message }) });
});

test('a number that was used before is no refusal: the first copy may have been executed', () => {
  expect(refusalOf('Invalid nonce: duplicate nonce 7')).toMatchObject({ kind: 'unknown' });
});

const noId = async (): Promise<null> => null;

test.each([
  [{ statuses: [{ resting: { oid: 77 } }] }, { kind: 'accepted', venueOrderId: '77' }],
  [{ statuses: [{ filled: { totalSz: '0.1', avgPx: '5', oid: 78 } }] }, { kind: 'accepted', venueOrderId: '78' }],
  [{ statuses: [{ error: 'Insufficient margin to place order.' }] }, { kind: 'rejected', code: 'insufficient_margin' }],
  [{ statuses: ['waitingForTrigger'] }, { kind: 'unknown' }],
  [{ statuses: [] }, { kind: 'unknown' }],
  [{ statuses: [{ delayed: {} }] }, { kind: 'unknown' }],
  [null, { kind: 'unknown' }],
])('an order answered with %j', async (data, outcome) => {
  expect(await placedBy(data, noId)).toMatchObject(outcome);
});

test('an order that waits for its trigger is looked up for its number', async () => {
  expect(await placedBy({ statuses: ['waitingForTrigger'] }, async () => '79')).toEqual({ kind: 'accepted', venueOrderId: '79' });
});

test('no answer whatever is taken for more than it says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (body) => {
      const answer = readAnswer(body);
      const outcome = answer.kind === 'done' ? await placedBy(answer.data, noId) : answer;
      expect(outcome.kind).toBe('unknown');
    }),
  );
});

test('no failure whatever is taken for a refusal or an acceptance', () => {
  fc.assert(
    fc.property(fc.anything(), (error) => {
      expect(readFailure(error).kind).toBe('unknown');
    }),
  );
});
