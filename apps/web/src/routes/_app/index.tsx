import { createFileRoute } from '@tanstack/react-router';
import { TradersPage } from '../../features/traders/traders-page.tsx';

export const Route = createFileRoute('/_app/')({ component: TradersPage });
