import { check } from './check.js';
import { matches } from './text.js';

// Whether a text is a day of the Gregorian calendar, as `2026-11-23`.
export const isDay = (day) => {
  if (!matches('\\d{4}-\\d{2}-\\d{2}', day)) return false;
  const [y, m, d] = day.split('-').map((digits) => digits * 1);
  const leap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  const last = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][m - 1];
  return d > 0 && d <= last;
};

export const checkDay = (date) => check(isDay(date), 'date must be a day of the calendar, like 2026-11-23.');
