import appsync from "@aws-appsync/eslint-plugin";

/** What AppSync's CreateResolver refuses, by AWS's own rules. @type {import('eslint').Linter.Config[]} */
export default [
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  appsync.configs.recommended,
];
