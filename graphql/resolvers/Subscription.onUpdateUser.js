// datasource: NoneSource
import { filterEvents, subscribe } from '../lib/subscription.js';

export function request(ctx) {
  return subscribe(ctx, 'id');
}

export function response(ctx) {
  return filterEvents(ctx, 'id');
}
