import { zodResolver } from '@hookform/resolvers/zod';
import { LlmBody, type TraderCard } from '@hyperoru/contracts';
import { Autocomplete, Button, Group, NativeSelect, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Controller, useForm } from 'react-hook-form';
import { z } from 'zod';
import { keys } from '../../api/keys.ts';
import { setLlm, testLlm } from '../../api/traders.ts';
import { Notice } from '../../components/notice.tsx';
import { FormError } from '../session/form-error.tsx';
import { OTHER_PROVIDER, PROVIDERS, providerOf } from './providers.ts';

const Fields = z.object({
  model: z.string().trim().min(1, 'Name the model.').max(200),
  baseUrl: LlmBody.shape.base_url,
  apiKey: z.string().max(500),
});
type Fields = z.infer<typeof Fields>;

interface ModelFormProps {
  readonly trader: Pick<TraderCard, 'id' | 'llm'>;
  /** Text of the button that saves. */
  readonly action: string;
  readonly onSaved?: () => void;
}

const PROVIDER_OPTIONS = [
  ...PROVIDERS.map(({ id, name }) => ({ value: id, label: name })),
  { value: OTHER_PROVIDER, label: 'Other (OpenAI-compatible)' },
];

/** The language model of a trader: provider, model, key; can be tried before it decides anything. */
export function ModelForm({ trader, action, onSaved }: ModelFormProps) {
  const client = useQueryClient();
  const llm = trader.llm;
  const first = PROVIDERS[0];
  const form = useForm<Fields>({
    resolver: zodResolver(Fields),
    defaultValues: { model: llm?.model ?? first?.models[0] ?? '', baseUrl: llm?.base_url ?? first?.baseUrl ?? '', apiKey: '' },
  });
  const save = async ({ model, baseUrl, apiKey }: Fields): Promise<void> => {
    await setLlm(trader.id, { model, base_url: baseUrl, ...(apiKey === '' ? {} : { api_key: apiKey }) });
    await client.invalidateQueries({ queryKey: keys.traders });
  };
  const saving = useMutation({ mutationFn: save, onSuccess: () => onSaved?.() });
  const testing = useMutation({
    mutationFn: async (fields: Fields) => {
      await save(fields);
      return testLlm(trader.id);
    },
  });
  return (
    <form onSubmit={form.handleSubmit((fields) => saving.mutate(fields))} noValidate>
      <Stack gap="sm">
        {llm?.is_scripted === true && (
          <Notice tone="info" title="The scripted model decides now.">
            It follows a fixed rule and is no language model. Put a real base URL and key in its place; nothing else changes.
          </Notice>
        )}
        <ModelFields
          form={form}
          keyHint={
            llm?.has_api_key === true
              ? `A key is stored${llm.key_fingerprint === null ? '' : ` (${llm.key_fingerprint})`}. Leave empty to keep it.`
              : null
          }
        />
        <FormError error={saving.error ?? testing.error} />
        {testing.data !== undefined && (
          <Notice
            tone={testing.data.success ? 'up' : 'down'}
            title={
              testing.data.success ? `It answers: ${testing.data.model} in ${testing.data.latency_ms} ms.` : 'The model did not answer.'
            }
            isLive
          >
            {testing.data.message}
          </Notice>
        )}
        <Group>
          <Button type="submit" loading={saving.isPending}>
            {action}
          </Button>
          <Button variant="default" loading={testing.isPending} onClick={form.handleSubmit((fields) => testing.mutate(fields))}>
            Save and test connection
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function ModelFields({ form, keyHint }: { readonly form: ReturnType<typeof useForm<Fields>>; readonly keyHint: string | null }) {
  const { errors } = form.formState;
  const provider = providerOf(form.watch('baseUrl'));
  const onProvider = (id: string): void => {
    const chosen = PROVIDERS.find((candidate) => candidate.id === id);
    form.setValue('baseUrl', chosen?.baseUrl ?? '', { shouldDirty: true });
    form.setValue('model', chosen?.models[0] ?? '', { shouldDirty: true });
  };
  const keyText = provider?.needsKey === false ? 'Not needed for a local model.' : 'Encrypted at rest, never shown again.';
  return (
    <>
      <NativeSelect
        label="Provider"
        data={PROVIDER_OPTIONS}
        value={provider?.id ?? OTHER_PROVIDER}
        onChange={(event) => onProvider(event.currentTarget.value)}
      />
      <TextInput
        label="Base URL"
        description="Any address that speaks the OpenAI protocol."
        error={errors.baseUrl?.message}
        {...form.register('baseUrl')}
      />
      <Controller
        control={form.control}
        name="model"
        render={({ field }) => (
          <Autocomplete
            label="Model"
            description="Choose a suggestion or type any model of the provider."
            data={[...(provider?.models ?? [])]}
            error={errors.model?.message}
            {...field}
          />
        )}
      />
      <PasswordInput
        label={provider?.needsKey === false ? 'API key (optional)' : 'API key'}
        description={keyHint ?? keyText}
        autoComplete="off"
        error={errors.apiKey?.message}
        {...form.register('apiKey')}
      />
    </>
  );
}
