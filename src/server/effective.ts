// What holds once people have decided, as the routes call it. May not: say anything of its own; the report floor does.
export { decisionKey, effectiveOf, standing } from '../report/effective.ts'
