// datasource: NoneSource

// Publishes totals that the aggregator has committed; writes nothing.
export function request(ctx) {
  return { payload: ctx.args.input };
}

export function response(ctx) {
  return ctx.result;
}
