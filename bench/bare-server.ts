/**
 * The baseline of `api-reads`: bare Fastify routes with the product's response schemas that answer constants, and nothing else:
 * no authentication, no database, no headers. The constants are the product's own answers, given as a JSON file {path: answer}.
 * Prints `{"url"}` when it listens; ends on SIGTERM.
 */
import { readFileSync } from 'node:fs';
import { Decision, Fill, pageOf, TraderCard } from '@hyperoru/contracts';
import { fastify } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';

const file = process.argv[2];
if (file === undefined) throw new Error('Expected the file with the constant answers.');
const answers = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>;

const server = fastify();
server.setValidatorCompiler(validatorCompiler);
server.setSerializerCompiler(serializerCompiler);
server.get('/api/traders', { schema: { response: { 200: pageOf(TraderCard) } } }, () => answers['/api/traders']);
server.get('/api/decisions', { schema: { response: { 200: pageOf(Decision) } } }, () => answers['/api/decisions']);
server.get('/api/fills', { schema: { response: { 200: pageOf(Fill) } } }, () => answers['/api/fills']);
const url = await server.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${JSON.stringify({ url })}\n`);
process.once('SIGTERM', () => process.exit(0));
