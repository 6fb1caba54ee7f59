import { util } from '@aws-appsync/utils';

// Whether the whole text matches a Java pattern. `$` would let a line feed follow, and AWS doesn't document whether
// `util.matches` searches or compares the whole text.
export const matches = (pattern, text) => util.matches('^' + pattern + '\\z', text);
