declare module '@tokens'
