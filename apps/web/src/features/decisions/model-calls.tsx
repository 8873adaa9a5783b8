import type { DecisionDetail } from '@hyperoru/contracts';
import { Stack } from '@mantine/core';
import { z } from 'zod';
import { CodeBlock, jsonOrNull, prettyJson } from '../../components/code-block.tsx';
import { Empty } from '../../components/states.tsx';
import { ScriptedTag, Tag } from '../../components/tag.tsx';
import { smallMoney } from '../../format/amount.ts';
import classes from './model-calls.module.css';

/** The part of an OpenAI-compatible answer that carries the model's words. */
const ChatAnswer = z.object({ choices: z.tuple([z.object({ message: z.object({ content: z.string() }) })]) });

/** The model's own words inside a raw answer; null when it has another form. */
export function messageOf(rawAnswer: string): string | null {
  const parsed = ChatAnswer.safeParse(jsonOrNull(rawAnswer));
  return parsed.success ? parsed.data.choices[0].message.content : null;
}

type Call = DecisionDetail['model_calls'][number];

/** The exchanges with the model, as recorded: what was asked, or what came back. */
export function ModelCalls({ calls, show }: { readonly calls: readonly Call[]; readonly show: 'prompt' | 'answer' }) {
  if (calls.length === 0) return <Empty title="No model was asked in this run." />;
  return (
    <Stack gap="md" p="md">
      {calls.map((call) => (
        <div key={call.step}>
          <CallLine call={call} />
          {show === 'prompt' ? <Asked call={call} /> : <Answered call={call} />}
        </div>
      ))}
    </Stack>
  );
}

function CallLine({ call }: { readonly call: Call }) {
  const tokens = call.prompt_tokens === null ? 'tokens unknown' : `${call.prompt_tokens} + ${call.completion_tokens ?? 0} tokens`;
  return (
    <p className={classes.line}>
      <b>{call.model}</b>
      {call.is_scripted && <ScriptedTag />}
      {call.step > 1 && <Tag>Repair turn</Tag>}
      {call.error_code !== null && <Tag tone="down">{call.error_code}</Tag>}
      <span>{call.base_url}</span>
      <span>{call.latency_ms} ms</span>
      <span>{tokens}</span>
      <span>{call.cost_usd === null ? 'cost unknown' : `${smallMoney(call.cost_usd)} USD`}</span>
    </p>
  );
}

function Asked({ call }: { readonly call: Call }) {
  return (
    <Stack gap="xs">
      <CodeBlock label="Prompt as sent" text={call.prompt_text} />
      <CodeBlock label="Raw request" text={prettyJson(call.raw_request)} />
    </Stack>
  );
}

function Answered({ call }: { readonly call: Call }) {
  return (
    <Stack gap="xs">
      {call.reasoning !== null && <CodeBlock label="Reasoning of the model" text={call.reasoning} />}
      {call.raw_answer === null ? (
        <Empty title="The model gave no answer." />
      ) : (
        <>
          {messageOf(call.raw_answer) !== null && <CodeBlock label="Answer" text={prettyJson(messageOf(call.raw_answer) ?? '')} />}
          <CodeBlock label="Raw answer" text={prettyJson(call.raw_answer)} />
        </>
      )}
    </Stack>
  );
}
