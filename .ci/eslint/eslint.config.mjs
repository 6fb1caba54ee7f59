import appsync from "@aws-appsync/eslint-plugin";

/** AWS's own rules, by which AppSync's CreateResolver rejects code. @type {import('eslint').Linter.Config[]} */
export default [
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  appsync.configs.recommended,
];
