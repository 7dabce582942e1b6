export interface Make837 {
  readonly claims: number
  readonly seed?: number
  readonly form?: 'professional' | 'institutional'
  readonly perSet?: number
  readonly element?: string
  readonly component?: string
  readonly segment?: string
  readonly after?: string
}
export function make837(options: Make837): Generator<string>
