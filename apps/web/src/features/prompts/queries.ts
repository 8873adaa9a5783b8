import { useQuery } from '@tanstack/react-query';
import { keys } from '../../api/keys.ts';
import { listPromptVariables, listPromptVersions, readPrompt } from '../../api/prompts.ts';

/** Variables are part of the program: they never change while it runs. */
export const useVariables = () =>
  useQuery({ queryKey: keys.promptVariables, queryFn: listPromptVariables, staleTime: Number.POSITIVE_INFINITY });

export const usePrompt = (id: string) => useQuery({ queryKey: keys.prompt(id), queryFn: () => readPrompt(id) });

export const useVersions = (id: string) => useQuery({ queryKey: keys.promptVersions(id), queryFn: () => listPromptVersions(id) });
