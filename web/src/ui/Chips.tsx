/** A choice of what a list shows, as chips; each may carry a count. */
import styles from './Chips.module.css'

export interface Chip<Value extends string> {
  readonly value: Value
  readonly label: string
  readonly count?: string | undefined
}

interface ChipsProps<Value extends string> {
  readonly label: string
  readonly chips: readonly Chip<Value>[]
  readonly chosen: Value
  readonly onChoose: (value: Value) => void
}

export function Chips<Value extends string>({ label, chips, chosen, onChoose }: ChipsProps<Value>) {
  return (
    <div className={styles['chips']} role="group" aria-label={label}>
      {chips.map((chip) => (
        <button
          key={chip.value} type="button" className={styles['chip']} aria-pressed={chip.value === chosen}
          onClick={() => onChoose(chip.value)}
        >
          {chip.label}
          {chip.count !== undefined && <span>{chip.count}</span>}
        </button>
      ))}
    </div>
  )
}
