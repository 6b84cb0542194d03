/** A choice of one among few, side by side. */
import { useId } from 'react'

import styles from './Segment.module.css'

interface SegmentProps<Value extends string> {
  readonly label: string
  readonly options: readonly { readonly value: Value; readonly label: string }[]
  readonly chosen: Value
  readonly onChoose: (value: Value) => void
}

export function Segment<Value extends string>({ label, options, chosen, onChoose }: SegmentProps<Value>) {
  const name = useId()
  return (
    <fieldset className={styles['seg']}>
      <legend className="vh">{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input type="radio" name={name} checked={option.value === chosen} onChange={() => onChoose(option.value)} />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  )
}
