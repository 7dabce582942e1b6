// A claim file and record paths → a review. May not: print.
import { readRecords, type ReadOptions } from '../document/read-records.ts'
import { reviewClaim, type Knowledge } from '../review-claim.ts'
import type { Review } from '../review/review.ts'
import { readClaim } from './read-claim.ts'

export async function reviewFiles(claimPath: string, recordPaths: readonly string[], knowledge: Knowledge, options: ReadOptions = {}): Promise<Review> {
  const claim = await readClaim(claimPath)
  const records = await readRecords(recordPaths, options)
  return reviewClaim(claim, records, knowledge)
}
