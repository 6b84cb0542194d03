/** People for tests. */
import type { Person } from '../../src/mx/model'

export function personOf(id: string, changed: Partial<Person> = {}): Person {
  return {
    id, name: 'Anna Jensen', organisation: 'Aarhus', organisationName: 'Aarhus Kommune', role: 'member', guest: false,
    moderates: [], ...changed,
  }
}
