/** The icons of the client: 20 × 20, drawn with the colour of the text around them. */
import type { JSX } from 'react'

const drawings = {
  back: <path d="M11.5 4.5 6 10l5.5 5.5"/>,
  bubble: <path d="M10 3.800c-3.9 0-7 2.6-7 5.9 0 1.8.9 3.3 2.4 4.400L5 16.800l3-1.500c.6.1 1.3.2 2 .2 3.9 0 7-2.6 7-5.900s-3.1-5.8-7-5.800Z"/>,
  clock: <><circle cx="10" cy="10" r="6.75"/><path d="M10 6.2V10l2.6 1.7"/></>,
  done: <><circle cx="10" cy="10" r="6.750"/><path d="m7 10.2 2.1 2.100L13 8"/></>,
  down: <path d="M10 3.500v9M6.3 9 10 12.7 13.7 9M4 16.300h12"/>,
  file: <><path d="M5 4.800c0-.7.6-1.3 1.3-1.300h5L15 7.200v8c0 .7-.6 1.3-1.3 1.300H6.300c-.7 0-1.3-.6-1.3-1.300z"/><path d="M11.2 3.700v3.600h3.600M7.8 10.500h4.500M7.8 13.200h3"/></>,
  hash: <path d="M8 3.8 6.6 16.200M13.4 3.8 12 16.200M4 7.800h12.400M3.6 12.200H16"/>,
  horn: <><path d="M3.5 8.300v3.400c0 .4.3.8.8.8H6l6.5 3.500V4L6 7.500H4.300c-.5 0-.8.3-.8.8Z"/><path d="M15.3 7.800a3.2 3.2 0 0 1 0 4.400M6 12.500v3.200h2"/></>,
  lock: <><rect x="4.5" y="8.8" width="11" height="7.7" rx="1.8"/><path d="M7 8.800V6.500a3 3 0 0 1 6 0v2.3"/></>,
  more: <><circle cx="4.8" cy="10" r="1.3" fill="currentColor" stroke="none"/><circle cx="10" cy="10" r="1.3" fill="currentColor" stroke="none"/><circle cx="15.2" cy="10" r="1.3" fill="currentColor" stroke="none"/></>,
  person: <><circle cx="10" cy="7" r="3"/><path d="M4.5 16.500c.3-3 2.5-4.7 5.5-4.700s5.2 1.7 5.5 4.7"/></>,
  plus: <path d="M10 4v12M4 10h12"/>,
  search: <><circle cx="9" cy="9" r="5.25"/><path d="m13 13 3.7 3.7"/></>,
  shield: <><path d="M10 2.8 4.3 5v4.500c0 3.6 2.3 6.2 5.7 7.7 3.4-1.5 5.7-4.1 5.7-7.700V5z"/><path d="m7.5 9.8 1.8 1.8 3.2-3.4"/></>,
  sliders: <><path d="M3.5 6h6.800M14.5 6h2M3.5 14h2M9.7 14h6.8"/><circle cx="12.3" cy="6" r="2"/><circle cx="7.5" cy="14" r="2"/></>,
  tree: <><path d="M5 3.500v10.200c0 1 .8 1.8 1.8 1.800H10M5 8.500h5"/><circle cx="13" cy="8.5" r="2"/><circle cx="13" cy="15.5" r="2"/></>,
  warn: <><path d="M10 3.5 17.3 16H2.700z"/><path d="M10 8.300v3.500M10 13.800v.2"/></>,
  x: <path d="m5 5 10 10M15 5 5 15"/>,
  at: <><circle cx="10" cy="10" r="2.8"/><path d="M12.8 7.200v3.700c0 1.2.8 2 1.9 2s2-1 2-2.900a6.7 6.7 0 1 0-2.6 5.3"/></>,
  bell: <><path d="M5.5 8.5a4.5 4.5 0 0 1 9 0c0 4 1.7 5 1.7 5H3.800s1.7-1 1.7-5Z"/><path d="M8.3 16a2 2 0 0 0 3.4 0"/></>,
  'bell-off': <path d="M6.6 5.600A4.5 4.5 0 0 1 14.5 8.500c0 1.3.2 2.3.4 3M12.5 13.500H3.800s1.7-1 1.7-5l.05-.6M8.3 16a2 2 0 0 0 3.4 0M3 3l14 14"/>,
  'bell-on': <><path d="M5.5 8.500a4.5 4.5 0 0 1 9 0c0 4 1.7 5 1.7 5H3.800s1.7-1 1.7-5Z" fill="currentColor"/><path d="M8.3 16a2 2 0 0 0 3.4 0"/></>,
  bold: <path d="M6 4.200h4.500a2.8 2.8 0 0 1 0 5.700H6zM6 9.900h5.200a3 3 0 0 1 0 5.900H6z" strokeWidth="1.9"/>,
  italic: <path d="M8.5 4.200h5M6.5 15.800h5M11.2 4.2 8.8 15.8"/>,
  'chev-d': <path d="M5.5 8 10 12.5 14.5 8"/>,
  'chev-r': <path d="m8 5.5 4.5 4.500L8 14.5"/>,
  clip: <path d="m15.8 9.3-5.6 5.500a3.5 3.5 0 0 1-5-5l6-5.900a2.3 2.3 0 0 1 3.3 3.300l-5.9 5.800a1.1 1.1 0 0 1-1.6-1.600l5.3-5.2"/>,
  code: <path d="M7 6 3 10l4 4M13 6l4 4-4 4"/>,
  copy: <><rect x="7" y="7" width="9.5" height="9.5" rx="1.8"/><path d="M13 7V5.300c0-1-.8-1.8-1.8-1.800H5.300c-1 0-1.8.8-1.8 1.800v5.900c0 1 .8 1.8 1.8 1.800H7"/></>,
  eye: <><path d="M2.8 10S5.3 5.3 10 5.300s7.2 4.7 7.2 4.7-2.5 4.7-7.2 4.700S2.8 10 2.8 10Z"/><circle cx="10" cy="10" r="2.1"/></>,
  link: <path d="M8.5 11.500a3 3 0 0 0 4.3 0l2.7-2.700a3 3 0 0 0-4.3-4.300l-1 1M11.5 8.500a3 3 0 0 0-4.3 0l-2.7 2.700a3 3 0 0 0 4.3 4.300l1-1"/>,
  list: <><path d="M8 5.500h8.500M8 10h8.500M8 14.500h8.5"/><path d="M4 5.500h.01M4 10h.01M4 14.500h.01" strokeWidth="2.4"/></>,
  panel: <><rect x="3" y="4" width="14" height="12" rx="2"/><path d="M12.300 4v12"/></>,
  pen: <><path d="M4 16h2.700l8.7-8.700a1.9 1.9 0 0 0-2.7-2.700L4 13.300z"/><path d="m11.5 5.8 2.7 2.7"/></>,
  quote: <path d="M4 13.500c2.2-.3 3.5-1.7 3.5-4V6H4v3.700h3.300M12 13.500c2.2-.3 3.5-1.7 3.5-4V6H12v3.700h3.3"/>,
  reply: <><path d="M8 5 3.5 9.3 8 13.6"/><path d="M3.8 9.300h6.700c3.5 0 5.7 2 6 6"/></>,
  send: <><path d="M3.5 4.2 17 10 3.5 15.8 5.3 10z"/><path d="M5.3 10h5.2"/></>,
  smile: <><circle cx="10" cy="10" r="6.750"/><path d="M7.2 11.700c.6 1 1.6 1.6 2.8 1.600s2.2-.6 2.8-1.600M7.8 8v.3M12.2 8v.3"/></>,
  check: <path d="m4.5 10.5 3.7 3.7 7.3-8"/>,
  'cloud-off': <path d="M6.5 6.500A4.6 4.6 0 0 1 14.3 8.6 3.3 3.3 0 0 1 16.7 13.500M13.5 15H6.300A3.7 3.7 0 0 1 5.5 7.700M3 3l14 14"/>,
  refresh: <path d="M16.3 8.500A6.5 6.5 0 0 0 4.8 6.300L3.5 8M3.5 4v4h4M3.7 11.500a6.5 6.5 0 0 0 11.5 2.200l1.3-1.700M16.5 16v-4h-4"/>,
  undo: <><path d="M7 4 3.5 7.5 7 11"/><path d="M3.8 7.500h7.700a4.5 4.5 0 0 1 0 9H7"/></>,
  trash: <path d="M4 6h12M8 6V4.300h4V6M5.5 6l.7 9.200c.1.8.7 1.3 1.4 1.300h4.800c.7 0 1.3-.5 1.4-1.300l.7-9.2"/>,
} satisfies Record<string, JSX.Element>

export type IconName = keyof typeof drawings

interface IconProps {
  readonly name: IconName
  readonly className?: string | undefined
}

export function Icon({ name, className }: IconProps) {
  return (
    <svg className={className ? `icon ${className}` : 'icon'} viewBox="0 0 20 20" aria-hidden="true">
      {drawings[name]}
    </svg>
  )
}
