document.documentElement.lang = 'da'
