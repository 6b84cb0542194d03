/** Event on the window before the page is left: views that hold words which are not kept yet keep them. */
export const LEAVING = 'samtale-leaving'
