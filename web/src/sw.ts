// Nothing is cached yet: the browser's own cache keeps the hashed files.
addEventListener('install', () => undefined)
