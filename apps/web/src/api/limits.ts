import { InstanceLimits, type InstanceLimitsBody } from '@hyperoru/contracts';
import type { z } from 'zod';
import { request } from './http.ts';

export const readInstanceLimits = () => request(InstanceLimits, '/api/safety/limits');
export const setInstanceLimits = (body: z.infer<typeof InstanceLimitsBody>) =>
  request(InstanceLimits, '/api/safety/limits', { method: 'PUT', body });
