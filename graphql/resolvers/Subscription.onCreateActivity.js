// datasource: NoneSource
import { filterEvents, subscribe } from '../lib/subscription.js';

export function request(ctx) {
  return subscribe(ctx, 'userid');
}

export function response(ctx) {
  return filterEvents(ctx, 'userid');
}
