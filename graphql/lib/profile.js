import { check } from './check.js';

// Checks the members of a profile that are given.
export const checkProfile = (profile) => {
  const { height, weight, caloriesTargetPerDay } = profile;
  check((height ?? 1) > 0 && (height ?? 1) <= 300, 'height must be more than 0 and at most 300 cm.');
  check((weight ?? 1) > 0 && (weight ?? 1) <= 1000, 'weight must be more than 0 and at most 1000 kg.');
  const kcal = caloriesTargetPerDay ?? 1;
  check(kcal > 0 && kcal <= 99999, 'caloriesTargetPerDay must be 1 to 99999 kcal.');
  check(JSON.stringify(profile).length <= 200000, 'targets and library are too large.');
};

// Sets the body mass index in kg/m², to one decimal, of a height in cm and a weight in kg; without either there is none.
export const setBodyMassIndex = (user) => {
  const { height, weight } = user;
  if (height && weight) user.bmi = Math.round((weight * 100000) / (height * height)) / 10;
  else delete user.bmi;
};
