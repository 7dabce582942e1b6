// What nobody may write afterwards, requirement by requirement, independently of the policy's own data. May not: be read from a dictionary.
export const NEVER_BY_WRITING: ReadonlySet<string> = new Set([
  // Orders, requests, prescriptions.
  '77331.prescription', '77370.request', '77470.request', 'imrt.constraints', 'general.prescription',
  // Measurements, calculations and checks.
  '77331.results', '0395T.dose-before-loading', 'imrt.dose-verification', 'imrt.mu-check', 'imrt.fluence', '77370.report', '77370.in-chart',
  // Times.
  '77331.datetime', '0394T.datetime', '0395T.datetime', '77432.datetime', '77435.datetime', '77522.datetime', '77523.datetime', '77525.datetime',
  // Examinations and scores.
  'sbrt.history', 'sbrt.performance', 'sbrt.functional-status', 'sbrt.em',
  // Deliveries and plans.
  'sbrt.dose', 'imrt.inverse-plan', 'imrt.target-volumes', '77470.plan', '77525.plan', '77520.delivery', '77522.delivery', '77523.delivery', '77525.delivery', '77520.no-compensator', 'service.documented',
  // Why a technique was chosen.
  'imrt.necessity', 'imrt.special-need', 'general.consent',
])
/** Gaps that something written today would have to fill with what was not there then. */
export const SILENT: ReadonlySet<string> = new Set(['not-found', 'parts-found', 'denied', 'only-planned', 'only-historical', 'only-other-course', 'only-other-patient', 'only-template', 'wrong-order', 'wrong-role'])
