import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { keys } from '../../api/keys.ts';
import { previewPrompt } from '../../api/prompts.ts';

/** Typing pauses this long before the text is rendered again, ms. */
const PAUSE_MS = 450;

interface PreviewTarget {
  readonly traderId?: string | undefined;
  readonly symbols?: readonly string[];
}

/** The prompt rendered with live values, a moment after the last change. */
export function usePreview(content: string, { traderId, symbols = [] }: PreviewTarget) {
  const [settled] = useDebouncedValue(content, PAUSE_MS);
  return useQuery({
    queryKey: keys.preview(settled, traderId, symbols.join(' ')),
    queryFn: () =>
      previewPrompt({
        content: settled,
        ...(traderId === undefined ? {} : { trader_id: traderId }),
        ...(symbols.length === 0 ? {} : { symbols: [...symbols] }),
      }),
    enabled: settled !== '',
    placeholderData: (previous) => previous,
    staleTime: 0,
    gcTime: 60_000,
  });
}
