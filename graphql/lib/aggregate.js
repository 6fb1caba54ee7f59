// A day as the API returns it. The row counts its user's own writes (a weight, totals): where there are no others, no entry
// has been booked yet, so the day has none.
export const dayOf = (row) =>
  row.userWrites && row.userWrites === row.version
    ? { entries: 0, digest: 0, protein: 0, fat: 0, carbohydrate: 0, ...row }
    : row;
