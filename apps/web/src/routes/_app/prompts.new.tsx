import { createFileRoute } from '@tanstack/react-router';
import { NewPromptPage } from '../../features/prompts/new-prompt-page.tsx';

export const Route = createFileRoute('/_app/prompts/new')({ component: NewPromptPage });
