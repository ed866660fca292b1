export interface Stamp {
  created: number
  livemode: boolean
}
