/** The design tokens: a style sheet outside of this folder, found by an alias of the build. */
declare module '@tokens'
